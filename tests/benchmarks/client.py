"""A browser's half of Streamlit's protocol: open a session, choose in a widget, rerun, wait until it is finished."""

import asyncio
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

TIMEOUT = 60
BEGINS_AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN


@dataclass
class Run:
    """One run as the browser saw it: seconds, payload bytes before compression, and its messages."""

    seconds: float = 0.0
    bytes: int = 0
    messages: list[ForwardMsg] = field(default_factory=list)

    def drawn(self) -> list[tuple[str, str]]:
        """(place on the page, kind) of all elements and blocks, in the order of their places; cached ones included."""
        found = {}
        for message in self.messages:
            if message.HasField("ref_hash"):
                found[tuple(message.metadata.delta_path)] = "cached"
            elif message.HasField("delta"):
                delta = message.delta
                kind = delta.new_element.WhichOneof("type") if delta.HasField("new_element") else "block"
                found[tuple(message.metadata.delta_path)] = str(kind)
        return [("/".join(map(str, place)), kind) for place, kind in sorted(found.items())]

    def title(self) -> str:
        """The page's own title, "" where none was drawn."""
        found = ""
        for message in self.messages:
            heading = message.delta.new_element.heading
            if heading.tag == "h1":
                found = heading.body
        return found


class Session:
    """One tab. caching: name the large messages that it holds already, as browsers do, so they are not sent again."""

    def __init__(self, socket: ClientConnection, *, caching: bool = True, page: str = "", query: str = ""):
        self.socket, self.caching, self.page, self.query = socket, caching, page, query
        self.page_hash = ""
        self.hashes: dict[str, str] = {}  # address → hash, of every page in the navigation
        self.held: set[str] = set()
        self.selects: dict[str, str] = {}  # label → widget id
        self.chosen: dict[str, str] = {}

    async def rerun(self, **choices: str) -> Run:
        """Choose in the select boxes (label=option), run the script, wait until it is finished."""
        self.chosen |= choices
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page_hash
        if not self.page_hash:
            message.rerun_script.page_name, message.rerun_script.query_string = self.page, self.query
        message.rerun_script.context_info.color_scheme = "light"
        message.rerun_script.context_info.timezone = "Europe/London"
        message.rerun_script.context_info.locale = "en-GB"
        for label, option in self.chosen.items():
            state = WidgetState(id=self.selects[label], string_value=option)
            message.rerun_script.widget_states.widgets.append(state)
        message.rerun_script.cached_message_hashes.extend(self.held)
        run = Run()
        started = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(TIMEOUT):
            while True:
                payload = await self.socket.recv()
                heard = ForwardMsg()
                heard.ParseFromString(payload)
                run.bytes += len(payload)
                run.messages.append(heard)
                # A page that corrects its address begins again; what counts is how it ends then.
                if heard.HasField("script_finished") and heard.script_finished != BEGINS_AGAIN:
                    break
        run.seconds = time.perf_counter() - started
        if heard.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
            raise RuntimeError(f"the run ended as {ForwardMsg.ScriptFinishedStatus.Name(heard.script_finished)}")
        self._remember(run)
        return run

    def _remember(self, run: Run) -> None:
        for message in run.messages:
            if message.HasField("new_session"):
                self.page_hash = self.page_hash or message.new_session.page_script_hash
            if message.HasField("navigation"):
                self.page_hash = message.navigation.page_script_hash
                self.hashes = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            if not message.HasField("delta"):
                continue
            if self.caching and message.metadata.cacheable:
                self.held.add(message.hash)
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            if kind == "exception" or (kind == "alert" and element.alert.format == element.alert.ERROR):
                raise RuntimeError(f"the page shows an error: {element}")
            if kind == "selectbox":
                self.selects[element.selectbox.label] = element.selectbox.id

    async def go(self, address: str) -> Run:
        """Choose a page in the navigation; what was chosen elsewhere stays with the server."""
        self.page_hash, self.chosen = self.hashes[address], {}
        return await self.rerun()


async def open_session(port: int, *, caching: bool = True, page: str = "", query: str = "") -> Session:
    """A new session at a page's address; nothing has run in it yet."""
    socket = await connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_size=None, open_timeout=TIMEOUT)
    return Session(socket, caching=caching, page=page, query=query)
