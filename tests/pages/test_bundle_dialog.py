"""Many at once, from the menu of a chart: what is chosen, what is made, and what is said where it cannot be."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from streamlit.testing.v1 import AppTest

from data_access.jobs import running
from exports.bundle import making
from exports.views import registry
from pages.parts import bundle
from tests.exports.quick_drawing import Quick

Opener = Callable[..., AppTest]
LONG = 60.0


@pytest.fixture
def dialog(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The dialog of the trajectory of Camden."""
    monkeypatch.setattr(making, "Workers", Quick)
    at = open_page("local-authority", la="Camden", indicator="reviewed")
    return _opened(at, "trajectory")


def _opened(at: AppTest, key: str) -> AppTest:
    """With the dialog of a figure, by its key."""
    _fine(at.button(key=f"{key}_menu").click().run())
    return _fine(at.button(key=f"{key}_many").click().run())


def _fine(at: AppTest) -> AppTest:
    assert not at.exception, at.exception[0].message
    return at


def _said(at: AppTest) -> str:
    parts = [*at.markdown, *at.caption, *at.info, *at.warning, *at.error, *at.success]
    return "\n".join(element.value for element in parts).replace("\\", "")


def _made(at: AppTest) -> AppTest:
    """Make what is chosen, and wait for it."""
    at.button(key="bundle_make").click().run()
    assert at.session_state["bundle"].job.wait(LONG)
    return _fine(at.run())


def test_a_bundle_from_choice_to_file(dialog: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[bytes] = []
    real = bundle.st.download_button

    def download(label: str, data: Callable[[], bytes], **kwargs: object) -> bool:
        if kwargs.get("key") == "bundle_zip":
            offered.append(data())
        return real(label, data=data, **kwargs)

    monkeypatch.setattr(bundle.st, "download_button", download)
    at = dialog
    assert "each local authority of England, 2011/12: 152 charts, with a contents file." in _said(at)
    at.selectbox(key="bundle_within_la").set_value("E12000001").run()
    at.button_group(key="bundle_kinds").set_value(["png", "svg"]).run()
    assert ": 12 charts, with a contents file." in _said(at)
    assert "--over la --region E12000001 --format png svg" in at.code[-1].value
    at = _made(at)
    assert "each local authority of North East, 2011/12**: 12 charts." in _said(at)
    with zipfile.ZipFile(BytesIO(offered[-1])) as archive:
        assert len(archive.namelist()) == 26
    _fine(at.button(key="bundle_others").click().run())
    assert "152 charts" in _said(at)


def test_what_is_not_in_it_is_said(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "Workers", Quick)
    at = open_page("regions", indicator="reviewed")
    _opened(at, "funnel")
    at.button_group(key="bundle_over").set_value("indicator").run()
    at.selectbox(key="bundle_within_indicator").set_value("quality").run()
    at = _made(at)
    assert "Not in it:" in _said(at)
    assert "There is nothing to show for this choice." in _said(at)


def test_a_cancelled_one_says_that_there_is_no_file(dialog: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    real = registry.again

    def again(*asked: object, **how: object) -> object:
        for job in running():
            job.cancel()
        return real(*asked, **how)  # type: ignore[arg-type]

    at = dialog
    at.button_group(key="bundle_over").set_value("region").run()
    monkeypatch.setattr(registry, "again", again)
    at = _made(at)
    assert "Stopped; no file was made." in _said(at)
    assert not [each for each in at.get("download_button") if each.label.startswith("Download (")]


def test_what_fails_is_said_in_a_sentence(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "Workers", Quick)
    at = open_page("regions", indicator="reviewed")
    _opened(at, "gap")
    assert "This chart is the same for every local authority." in _said(_made(at))


def test_without_a_format_nothing_can_be_made(dialog: AppTest) -> None:
    at = _fine(dialog.button_group(key="bundle_kinds").set_value([]).run())
    assert "Choose at least one format." in _said(at)
    assert not [button for button in at.button if button.key == "bundle_make"]
