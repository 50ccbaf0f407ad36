"""One question, ready to be answered: the command, what followed it, and everything an answer may
look at.

Every command's handler takes a `Request` and returns a `Turn`. Handlers live in bot.features.pages
(facts), bot.features.questionnaires, bot.features.plan …, each module exporting `HANDLERS`, a
mapping from command name to handler; bot.conversation.step merges them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.core import local_time
from bot.core.command_line import parse
from bot.core.events import Event, Pressed, Said
from bot.core.reply import Block, Choices, Code, Line, Moment, Reply, Span, Strong, Tap, Text
from bot.core.state import LastAnswer, State, YesOrNo
from bot.core.turn import Effect, Turn
from content.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`command` is the table's name; `words` what followed, as typed;
    `entities` typed values where understanding read some.
    """

    content: Content
    state: State
    event: Event
    command: str
    words: str = ""
    entities: Mapping[str, object] = field(default_factory=dict)

    def text(self, phrase: str, /, **values: object) -> str:
        """A sentence of the content, by key, with its blanks filled.

        Raises KeyError for a key the content does not have.
        """
        return self.content.phrases[phrase].format(**values)

    def spans(self, phrase: str, /, **values: object) -> Line:
        """The same as spans: between ** it is strong, between backticks something to type.

        Blanks are filled after reading the marks.
        """
        return marked(self.content.phrases[phrase], values)

    @property
    def today(self) -> date:
        """The day it is for this person; in Sydney while nobody said otherwise."""
        return local_time.today(self.state.person, self.event)

    def sentence(self) -> str:
        """The free text that was understood as this command; empty where the command itself was
        typed or tapped. It may name a day or a step that the command's words left out.
        """
        match self.event.body:
            case Said(text=text) if parse(self.content, text) is None:
                return text
            case Said(text=text, reading=reading) if reading and reading.command == self.command:
                return self._other_than_typed(text)
            case _:
                return ""

    def _other_than_typed(self, text: str) -> str:
        """The text, where it opens with the name of another command than this one:
        'remind me every second friday'.
        """
        typed = parse(self.content, text)
        if typed and typed.command != self.command and not typed.explicit:
            return text
        return ""

    def answer(
        self,
        *blocks: Block,
        sources: tuple[str, ...] = (),
        personal: bool = False,
        state: State | None = None,
        effects: tuple[Effect, ...] = (),
        remember: bool = True,
        in_place: bool | None = None,
    ) -> Turn:
        """One reply, remembered as this chat's last answer.

        `sources` are fact or source keys, for `sources` and follow-ups. A tapped or edited question
        is answered in place unless told otherwise.
        """
        state = state or self.state
        conversation = replace(
            state.conversation,
            choices=taps(blocks),
            question=question(blocks, self.event.at),
            misses=0,
        )
        if remember:
            last = LastAnswer(
                command=self.command,
                words=self.words,
                at=self.event.at,
                sources=sources,
                entities=self.entities,
                personal=personal,
            )
            conversation = replace(conversation, last=last)
        if in_place is None:
            in_place = _rewrites(self.event)
        reply = Reply(blocks=blocks, personal=personal, in_place=in_place)
        return Turn(
            state=replace(state, conversation=conversation), replies=(reply,), effects=effects
        )


def marked(text: str, values: Mapping[str, object]) -> Line:
    """A content text as spans; see `Request.spans`."""
    return tuple(
        span
        for part in re.split(r"(\*\*.+?\*\*|`.+?`)", text)
        if part
        for span in _spans(part, values)
    )


def _spans(part: str, values: Mapping[str, object]) -> Iterator[Span]:
    """What stands between two marks.

    A blank for an instant stays one, so that a platform may show the reader's own time.
    """
    if part.startswith("`"):
        yield Code(part[1:-1].format(**values))
        return
    strong = part.startswith("**")
    inside = part[2:-2] if strong else part
    instants = {f"{{{name}}}": value for name, value in values.items() if isinstance(value, Moment)}
    for piece in (
        re.split(f"({'|'.join(map(re.escape, instants))})", inside) if instants else (inside,)
    ):
        if piece in instants:
            yield replace(instants[piece], strong=strong)
        elif words := piece.format(**values):
            yield Strong(words) if strong else Text(words)


def _rewrites(event: Event) -> bool:
    match event.body:
        case Pressed():
            return True
        case Said(edit_of=answer):
            return bool(answer)
        case _:
            return False


Handler = Callable[[Request], Turn]

Grammar = Callable[[Content, str, str], bool]
"""(content, command, words) → whether the words are in the command's own grammar, so that nobody
needs to guess what is meant.
"""


def on_one_page(request: Request, name: str) -> tuple[Tap, ...]:
    """A tap to the form of these questions, where the platform shows forms."""
    if not request.event.surface.forms:
        return ()
    return (Tap(request.text("tap_on_one_page"), f"form {name}"),)


def taps(blocks: tuple[Block, ...]) -> dict[str, str]:
    """Label to action of every tap in these blocks."""
    return {
        choice.label: choice.action
        for block in blocks
        if isinstance(block, Choices)
        for choice in block.choices
        if isinstance(choice, Tap)
    }


def with_reaction(turn: Turn) -> Turn:
    """The turn, with a small sign on the person's own message."""
    return replace(
        turn,
        replies=tuple(
            replace(reply, reaction=not position) for position, reply in enumerate(turn.replies)
        ),
    )


def question(blocks: tuple[Block, ...], at: datetime) -> YesOrNo | None:
    """The yes-or-no question that these blocks put."""
    for block in blocks:
        match block:
            case Choices(choices=(Tap(action=yes), Tap(action=no), *_), yes_or_no=True):
                return YesOrNo(yes=yes, no=no, at=at)
    return None
