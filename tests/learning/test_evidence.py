"""The files of evidence hold what was entered and nothing else, ask for nothing from anywhere,
and run nothing.
"""

from html.parser import HTMLParser

import pytest

from bot.core.reply import File

REMOTE = {"script", "img", "link", "iframe", "object", "embed", "base", "form", "video", "audio"}


class Page(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def files(talk):
    def made():
        talk.say("evidence export")
        blocks = [block for reply in talk.turn.replies for block in reply.blocks]
        return [block for block in blocks if isinstance(block, File)]

    return made


@pytest.fixture
def worked(talk):
    talk.say("plan start")
    talk.say("done 1 https://github.com/ada/audit")
    talk.say("done 2 cut the nightly job <script>alert('a')</script> from 900 ms")
    talk.say("done 3 *drill* [a](b.example) report.pdf")
    talk.say("done 4")
    return talk


def test_the_page_runs_nothing_and_loads_nothing(worked, files):
    html, _ = files()
    page = Page(html.text)
    assert not REMOTE & set(page.tags)
    assert "url(" not in html.text
    assert "@import" not in html.text
    names = {name for name, _ in page.attributes}
    assert names <= {"lang", "charset", "name", "content", "href", "rel", "class"}
    assert [value for name, value in page.attributes if name == "href"] == [
        "https://github.com/ada/audit"
    ]
    assert "@media print" in html.text


def test_both_files_hold_what_was_entered_as_it_was(worked, files):
    html, markdown = files()
    words = "".join(Page(html.text).words)
    for said in ("https://github.com/ada/audit", "<script>alert('a')</script> from 900 ms"):
        assert said in words
    assert "Closed; nothing entered to show it." in words
    assert "\\*drill\\* \\[a\\](b.example) report.pdf" in markdown.text
    assert "<script>" not in markdown.text
    assert "- [ ] Record a five-minute demo" in markdown.text


def test_words_for_a_cv_are_the_persons_own_and_there_are_none_without(talk, files):
    talk.say("plan start")
    talk.say("done 1 https://github.com/ada/audit")
    html, markdown = files()
    assert "Own words" not in html.text + markdown.text
    talk.say("done 2 cut the nightly job from 900 to 220 ms")
    html, markdown = files()
    _, own = markdown.text.split("## Own words, for a CV")
    assert own.split("##")[0].split() == [
        "-",
        "cut",
        "the",
        "nightly",
        "job",
        "from",
        "900",
        "to",
        "220",
        "ms",
    ]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("done 5 a plot of six learning rates", "a plot of six learning rates"),
        ("done step 5: plot.png", "plot.png"),
        ("done 5 https://a.example/x with the plot", "https://a.example/x"),
        ("done 5 it does not diverge below 0.1", "it does not diverge below 0.1"),
        ("done 5 thanks", ""),
        ("done 5 please", ""),
        ("done 5", ""),
    ],
)
def test_what_follows_a_steps_number_shows_the_work(talk, said, kept):
    talk.say("plan start")
    talk.say(said)
    (shown,) = [one for _, one in talk.state.person.progress.done.values()]
    assert shown == kept


def test_figures_in_a_sentence_tick_no_steps(talk):
    talk.say("plan start")
    talk.say("done 2 cut it from 40 to 22 ms")
    assert list(talk.state.person.progress.done) == ["leave_notebook.tested_package"]
    talk.say("done 7 and 8")
    assert len(talk.state.person.progress.done) == 3
    talk.say("done 7 undo")
    assert len(talk.state.person.progress.done) == 2


def test_a_bare_address_without_anything_done_is_kept_nowhere(talk):
    talk.say("plan start")
    talk.say("https://a.example/x")
    assert talk.state.person.progress.done == {}
