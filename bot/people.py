"""Commands about the person as such: one person on several platforms, what is held about them, erasing it.

Nothing here computes pay, points or plans. The store carries the effects out and answers with `Found` in the same turn.
"""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta

from bot.asking import Ask, Handler, Knows
from bot.events import Account, Found
from bot.reply import Choices, Code, File, Strong, Tap, paragraph
from bot.turn import Export, Forget, JoinPeople, LookUpLink, OfferLink, Turn, Unlink
from content.library import Content

CODE_LIVES = timedelta(minutes=10)

_CODE = re.compile(r"([a-z2-7]{4})-?([a-z2-7]{4})\b", re.IGNORECASE)
_LINK_WORDS = re.compile(rf"nudges|{_CODE.pattern}(?:\s+(?:mine|theirs))?", re.IGNORECASE)


def link(ask: Ask) -> Turn:
    """`link` makes a code; `link CODE` shows who would be joined; `link CODE mine|theirs` joins, if it was offered just before;
    `link nudges` moves nudges here.
    """
    words = ask.words.strip()
    if words.lower() == "nudges":
        return _nudges_here(ask)
    if not words:
        return _offer(ask)
    if words.lower() == "no":
        return _left(ask)
    match = _CODE.match(words)
    if match is None:
        return ask.answer(paragraph(ask.say("link_misread")), personal=True, remember=False)
    code, keep = _code(match), words[match.end() :].strip().lower()
    if _joining(code, keep) in ask.state.conversation.choices.values():
        return Turn(state=ask.state, effects=(JoinPeople(code_hash=_hash(code), keep=keep),))
    return Turn(state=ask.state, effects=(LookUpLink(code_hash=_hash(code)),))


def link_looked_up(ask: Ask, found: Found) -> Turn:
    """Every account is named before anything is joined; of two plans or two schedules none is dropped by a guess."""
    outcome = found.get("outcome")
    if outcome != "ok":
        return ask.answer(paragraph(ask.say(f"link_{outcome}")), personal=True, remember=False)
    match = _CODE.match(ask.words.strip())
    code = _code(match) if match else ""
    here = _all_named(ask, ask.state.person.accounts)
    there = _all_named(ask, tuple(Account(**one) for one in json.loads(found.get("accounts", "[]"))))
    doubled = "_and_".join(kind for kind in ("plans", "schedules") if int(found.get(kind, "0")) > 1)
    mine, theirs = ("tap_keep_mine", "tap_keep_theirs") if doubled else ("tap_join", "")
    taps = tuple(Tap(ask.say(label), _joining(code, keep)) for label, keep in ((mine, "mine"), (theirs, "theirs")) if label)
    choices = Choices((*taps, Tap(ask.say("tap_leave_it"), f"{ask.command} no")), yes_or_no=not doubled)
    blocks = (
        paragraph(ask.say("link_confirm", here=here, there=there)),
        paragraph(ask.say(f"link_two_{doubled}" if doubled else "link_join_them")),
    )
    return ask.answer(*blocks, choices, personal=True, remember=False)


def joined(ask: Ask, found: Found) -> Turn:
    outcome = found.get("outcome")
    if outcome != "ok":
        return ask.answer(paragraph(ask.say(f"link_{outcome}")), personal=True, remember=False)
    to, here = ask.state.person.nudges_to, ask.event.chat
    elsewhere = to is not None and (to.platform, to.workspace, to.id) != (here.platform, here.workspace, here.id)
    where = ask.say("link_nudges_stay", platform=to.platform.capitalize()) if to and elsewhere else ask.say("link_nudges_here")
    taps = (Tap(ask.say("tap_nudges_here"), "link nudges"),) if elsewhere and not here.shared else ()
    choices = Choices((*taps, Tap(ask.say("people_tap_plan"), "plan")))
    return ask.answer(paragraph(ask.say("link_joined"), *((" ", where) if to else ())), choices, personal=True, remember=False)


def unlink(ask: Ask) -> Turn:
    others = tuple(account for account in ask.state.person.accounts if account != ask.event.account)
    if not others:
        return ask.answer(paragraph(ask.say("unlink_alone")), personal=True, remember=False)
    if ask.words.strip().lower() == "no":
        return _left(ask)
    if ask.words.strip().lower() != "yes":
        named = _all_named(ask, others)
        taps = Choices((Tap(ask.say("tap_unlink"), "unlink yes"), Tap(ask.say("tap_leave_it"), f"{ask.command} no")), yes_or_no=True)
        return ask.answer(paragraph(ask.say("unlink_confirm", others=named)), taps, personal=True, remember=False)
    turn = ask.answer(paragraph(ask.say("unlinked")), personal=True, remember=False)
    return replace(turn, effects=(Unlink(account=ask.event.account),))


def mydata(ask: Ask) -> Turn:
    return Turn(state=ask.state, effects=(Export(),))


def exported(ask: Ask, found: Found) -> Turn:
    held = {"about": ask.say("mydata_about"), "explained": dict(ask.content.data_fields), "held": json.loads(found.get("json"))}
    text = json.dumps(held, indent=2, ensure_ascii=False)
    file = File("pivotbot-my-data.json", "application/json", text, ask.say("mydata_caption"))
    return ask.answer(
        paragraph(ask.say("mydata_intro")),
        file,
        Choices((Tap(ask.say("tap_forget"), "forget"), Tap(ask.say("tap_privacy"), "privacy"))),
        personal=True,
        remember=False,
    )


def forget(ask: Ask) -> Turn:
    """Asks once. Only a yes erases: tapped, typed after the command, or typed as the next thing said."""
    if ask.words.strip().lower() == "yes":
        turn = ask.answer(paragraph(ask.say("forgotten")), personal=True, remember=False)
        return replace(turn, effects=(Forget(),))
    if ask.words.strip().lower() == "no":
        return _left(ask)
    return ask.answer(
        paragraph(Strong(ask.say("forget_question")), " ", ask.say("forget_details")),
        Choices(
            (Tap(ask.say("tap_erase"), "forget yes"), Tap(ask.say("people_tap_keep"), "forget no"), Tap(ask.say("tap_mydata"), "mydata")),
            yes_or_no=True,
        ),
        personal=True,
        remember=False,
    )


def _left(ask: Ask) -> Turn:
    """What was offered is declined."""
    return ask.answer(paragraph(ask.say(f"{ask.command}_left")), personal=True, remember=False)


def _offer(ask: Ask) -> Turn:
    code = base64.b32encode(bytes.fromhex(ask.event.nonce)[:5]).decode()
    expires = ask.event.at + CODE_LIVES
    turn = ask.answer(
        paragraph(ask.say("link_offer_before"), " ", Code(f"link {code[:4]}-{code[4:]}")),
        paragraph(ask.say("link_offer_after", minutes=int(CODE_LIVES.total_seconds() // 60))),
        personal=True,
        remember=False,
    )
    return replace(turn, effects=(OfferLink(code_hash=_hash(code), expires_at=expires),))


def _nudges_here(ask: Ask) -> Turn:
    if ask.event.chat.shared:
        return ask.answer(paragraph(ask.say("nudges_private_only")), personal=True, remember=False)
    person = replace(ask.state.person, nudges_to=ask.event.chat)
    return ask.answer(paragraph(ask.say("nudges_here")), state=replace(ask.state, person=person), personal=True, remember=False)


def _named(ask: Ask, account: Account) -> str:
    if account.workspace:
        return ask.say("account_in_workspace", platform=account.platform.capitalize(), user=account.user, workspace=account.workspace)
    return ask.say("account_alone", platform=account.platform.capitalize(), user=account.user)


def _all_named(ask: Ask, accounts: tuple[Account, ...]) -> str:
    return " + ".join(_named(ask, account) for account in accounts)


def _code(match: re.Match[str]) -> str:
    return "".join(match.groups()).upper()


def _joining(code: str, keep: str) -> str:
    """The command line that joins: good only while its button is among those shown last."""
    return f"link {code} {keep}"


def _hash(code: str) -> str:
    return hashlib.sha256(code.upper().encode()).hexdigest()


def knows_link(_content: Content, _command: str, words: str) -> bool:
    """A code is no word of any language, so nothing but its shape can tell it from nonsense."""
    return _LINK_WORDS.fullmatch(words.strip()) is not None


def knows_yes(_content: Content, _command: str, words: str) -> bool:
    return words.strip().lower() in ("yes", "no")


HANDLERS: dict[str, Handler] = {"link": link, "unlink": unlink, "mydata": mydata, "forget": forget}
FOUND = {"LookUpLink": link_looked_up, "JoinPeople": joined, "Export": exported}
KNOWS: dict[str, Knows] = {"link": knows_link, "unlink": knows_yes, "forget": knows_yes}
