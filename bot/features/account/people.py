"""Commands about the person as such: one person on several platforms, what is held about them,
erasing it.

Nothing here computes pay, points or plans. The store carries the effects out and answers with
`Found` in the same turn.
"""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta

from bot.core.events import Account, Found
from bot.core.reply import Choices, Code, File, Strong, Tap, paragraph
from bot.core.request import Grammar, Handler, Request
from bot.core.turn import Export, Forget, JoinPeople, LookUpLink, OfferLink, Turn, Unlink
from bot.features.questionnaires import profile
from content.content import Content

CODE_LIVES = timedelta(minutes=10)

_CODE = re.compile(r"([a-z2-7]{4})-?([a-z2-7]{4})\b", re.IGNORECASE)
_FILE = re.compile(
    r"file|json|export|download|cop(?:y|ies)|everything|all\b|gdpr|send", re.IGNORECASE
)
"""What names the whole of it, or wants to take it away."""
_LINK_WORDS = re.compile(rf"nudges|{_CODE.pattern}(?:\s+(?:mine|theirs))?", re.IGNORECASE)


def link(request: Request) -> Turn:
    """`link` makes a code; `link CODE` shows who would be joined; `link CODE mine|theirs` joins, if
    it was offered just before; `link nudges` moves nudges here.
    """
    words = request.words.strip()
    if words.lower() == "nudges":
        return _nudges_here(request)
    if not words:
        return _offer(request)
    if words.lower() == "no":
        return _decline_offer(request)
    match = _CODE.match(words)
    if match is None:
        return request.answer(
            paragraph(request.text("link_misread")), personal=True, remember=False
        )
    code, keep = _code(match), words[match.end() :].strip().lower()
    if _joining(code, keep) in request.state.conversation.choices.values():
        return Turn(state=request.state, effects=(JoinPeople(code_hash=_hash(code), keep=keep),))
    return Turn(state=request.state, effects=(LookUpLink(code_hash=_hash(code)),))


def link_looked_up(request: Request, found: Found) -> Turn:
    """Every account is named before anything is joined;
    of two plans or two schedules none is dropped by a guess.
    """
    outcome = found.get("outcome")
    if outcome != "ok":
        return request.answer(
            paragraph(request.text(f"link_{outcome}")), personal=True, remember=False
        )
    match = _CODE.match(request.words.strip())
    code = _code(match) if match else ""
    here = _all_named(request, request.state.person.accounts)
    there = _all_named(
        request, tuple(Account(**one) for one in json.loads(found.get("accounts", "[]")))
    )
    doubled = "_and_".join(kind for kind in ("plans", "schedules") if int(found.get(kind, "0")) > 1)
    mine, theirs = ("tap_keep_mine", "tap_keep_theirs") if doubled else ("tap_join", "")
    taps = tuple(
        Tap(request.text(label), _joining(code, keep))
        for label, keep in ((mine, "mine"), (theirs, "theirs"))
        if label
    )
    choices = Choices(
        (*taps, Tap(request.text("tap_leave_it"), f"{request.command} no")), yes_or_no=not doubled
    )
    blocks = (
        paragraph(request.text("link_confirm", here=here, there=there)),
        paragraph(request.text(f"link_two_{doubled}" if doubled else "link_join_them")),
    )
    return request.answer(*blocks, choices, personal=True, remember=False)


def link_found(request: Request, found: Found) -> Turn:
    outcome = found.get("outcome")
    if outcome != "ok":
        return request.answer(
            paragraph(request.text(f"link_{outcome}")), personal=True, remember=False
        )
    to, here = request.state.person.nudges_to, request.event.chat
    elsewhere = to is not None and (to.platform, to.workspace, to.id) != (
        here.platform,
        here.workspace,
        here.id,
    )
    if to and elsewhere:
        where = request.text("link_nudges_stay", platform=to.platform.capitalize())
    else:
        where = request.text("link_nudges_here")
    taps: tuple[Tap, ...] = ()
    if elsewhere and not here.shared:
        taps = (Tap(request.text("tap_nudges_here"), "link nudges"),)
    choices = Choices((*taps, Tap(request.text("people_tap_plan"), "plan")))
    return request.answer(
        paragraph(request.text("link_joined"), *((" ", where) if to else ())),
        choices,
        personal=True,
        remember=False,
    )


def unlink(request: Request) -> Turn:
    others = tuple(
        account for account in request.state.person.accounts if account != request.event.account
    )
    if not others:
        return request.answer(
            paragraph(request.text("unlink_alone")), personal=True, remember=False
        )
    if request.words.strip().lower() == "no":
        return _decline_offer(request)
    if request.words.strip().lower() != "yes":
        named = _all_named(request, others)
        taps = Choices(
            (
                Tap(request.text("tap_unlink"), "unlink yes"),
                Tap(request.text("tap_leave_it"), f"{request.command} no"),
            ),
            yes_or_no=True,
        )
        return request.answer(
            paragraph(request.text("unlink_confirm", others=named)),
            taps,
            personal=True,
            remember=False,
        )
    turn = request.answer(paragraph(request.text("unlinked")), personal=True, remember=False)
    return replace(turn, effects=(Unlink(account=request.event.account),))


def mydata(request: Request) -> Turn:
    """The file, where it was asked for; whoever asks in their own words what
    is known gets the profile's few lines.
    """
    if (words := request.sentence()) and not _FILE.search(words):
        return profile.show(replace(request, command="profile", words=""))
    return Turn(state=request.state, effects=(Export(),))


DATA_FILE = "pivotbot-my-data.json"


def export_found(request: Request, found: Found) -> Turn:
    held = {
        "about": request.text("mydata_about"),
        "explained": dict(request.content.data_fields),
        "held": json.loads(found.get("json")),
    }
    text = json.dumps(held, indent=2, ensure_ascii=False)
    file = File(
        name=DATA_FILE,
        media_type="application/json",
        text=text,
        caption=request.text("mydata_caption"),
        refused=request.text("file_refused", name=DATA_FILE),
    )
    return request.answer(
        paragraph(request.text("mydata_intro")),
        file,
        Choices(
            (Tap(request.text("tap_forget"), "forget"), Tap(request.text("tap_privacy"), "privacy"))
        ),
        personal=True,
        remember=False,
    )


def forget(request: Request) -> Turn:
    """Asks once.

    Only a yes erases: tapped, typed after the command, or typed as the next thing said.
    """
    if request.words.strip().lower() == "yes":
        turn = request.answer(paragraph(request.text("forgotten")), personal=True, remember=False)
        return replace(turn, effects=(Forget(),))
    if request.words.strip().lower() == "no":
        return _decline_offer(request)
    return request.answer(
        paragraph(Strong(request.text("forget_question")), " ", request.text("forget_details")),
        Choices(
            (
                Tap(request.text("tap_erase"), "forget yes"),
                Tap(request.text("people_tap_keep"), "forget no"),
                Tap(request.text("tap_mydata"), "mydata"),
            ),
            yes_or_no=True,
        ),
        personal=True,
        remember=False,
    )


def _decline_offer(request: Request) -> Turn:
    """What was offered is declined."""
    return request.answer(
        paragraph(request.text(f"{request.command}_left")), personal=True, remember=False
    )


def _offer(request: Request) -> Turn:
    code = base64.b32encode(bytes.fromhex(request.event.nonce)[:5]).decode()
    expires = request.event.at + CODE_LIVES
    turn = request.answer(
        paragraph(request.text("link_offer_before"), " ", Code(f"link {code[:4]}-{code[4:]}")),
        paragraph(request.text("link_offer_after", minutes=int(CODE_LIVES.total_seconds() // 60))),
        personal=True,
        remember=False,
    )
    return replace(turn, effects=(OfferLink(code_hash=_hash(code), expires_at=expires),))


def _nudges_here(request: Request) -> Turn:
    if request.event.chat.shared:
        return request.answer(
            paragraph(request.text("nudges_private_only")), personal=True, remember=False
        )
    person = replace(request.state.person, nudges_to=request.event.chat)
    return request.answer(
        paragraph(request.text("nudges_here")),
        state=replace(request.state, person=person),
        personal=True,
        remember=False,
    )


def _name_of(request: Request, account: Account) -> str:
    if account.workspace:
        return request.text(
            "account_in_workspace",
            platform=account.platform.capitalize(),
            user=account.user,
            workspace=account.workspace,
        )
    return request.text("account_alone", platform=account.platform.capitalize(), user=account.user)


def _all_named(request: Request, accounts: tuple[Account, ...]) -> str:
    return " + ".join(_name_of(request, account) for account in accounts)


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
FOUND = {"LookUpLink": link_looked_up, "JoinPeople": link_found, "Export": export_found}
GRAMMARS: dict[str, Grammar] = {"link": knows_link, "unlink": knows_yes, "forget": knows_yes}
