"""A respondent without a browser: drives one page of a Streamlit server over its websocket.

The messages are the browser's own. `Tab` keeps what a page shows: the ids of its widgets and its texts; of the chat
page also its data, from which the browser draws it.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

TIMEOUT = 60.0


@dataclass
class Tab:
    """One open page.

    texts: every bubble and remark, st.text and st.markdown of the last run that ended, in order; arriving: of the run
    that goes on. widgets: ids of what can be used, by key ("chat_input" for the chat input, "page" for the chat page).
    shown: the data of the chat page; part: the fragment that draws it. script: which page the server says it runs.
    """

    socket: ClientConnection
    page: str
    query: str
    texts: list[str] = field(default_factory=list)
    arriving: list[str] = field(default_factory=list)
    widgets: dict[str, str] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    part: str = ""
    script: str = ""

    async def load(self) -> None:
        """Run the page for the first time."""
        await self._run(BackMsg())

    async def do(self, what: str, times: int = 1, **more: Any) -> None:
        """Do something on the chat page, such as "agree"; more than once as a double click does."""
        message = BackMsg()
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id = f"$$STREAMLIT_INTERNAL_KEY_{self.widgets['page']}__events"
        widget.json_trigger_value = json.dumps([{"event": "said", "value": {"do": what, **more}}])
        message.rerun_script.fragment_id = self.part
        await self._run(message, times)

    async def answer(self, value: Any) -> None:
        """Answer the question that waits on the chat page."""
        asked = self.shown["reply"]
        await self.do("answer", question=asked["question"], turn=asked["turn"], value=value)

    async def skip(self) -> None:
        """Skip the question that waits on the chat page."""
        asked = self.shown["reply"]
        await self.do("skip", question=asked["question"], turn=asked["turn"])

    async def say(self, text: str) -> None:
        """Type an answer and send it, on the chat page or into a chat input."""
        if "page" in self.widgets:
            await self.answer(text)
            return
        message = BackMsg()
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id = self.widgets["chat_input"]
        widget.chat_input_value.data = text
        await self._run(message)

    @property
    def resume_token(self) -> str | None:
        """The token that the page has put into the address bar, if any."""
        return parse_qs(self.query).get("resume", [None])[0]

    async def _run(self, message: BackMsg, times: int = 1) -> None:
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = "" if self.script else self.page
        message.rerun_script.page_script_hash = self.script
        for _ in range(times):
            await self.socket.send(message.SerializeToString())
        await self._until_finished()

    async def _until_finished(self) -> None:
        self.arriving = []
        while True:
            data = await asyncio.wait_for(self.socket.recv(), TIMEOUT)
            message = ForwardMsg()
            message.ParseFromString(data if isinstance(data, bytes) else data.encode())
            kind = message.WhichOneof("type")
            if kind == "delta":
                self._note(message.delta)
            elif kind == "navigation":
                self.script = message.navigation.page_script_hash
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self.texts = self.arriving
                return

    def _note(self, delta: Delta) -> None:
        if delta.WhichOneof("type") != "new_element":
            return
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "text":
            self.arriving.append(element.text.body)
        elif kind == "markdown":
            self.arriving.append(element.markdown.body)
        elif kind == "bidi_component":
            self.widgets["page"] = element.bidi_component.id
            self.part = delta.fragment_id
            self.shown = json.loads(element.bidi_component.json)[0]
            self.arriving += [bubble["text"] for bubble in self.shown["bubbles"]] + self.shown["notes"]
        elif kind == "chat_input":
            self.widgets["chat_input"] = element.chat_input.id


@asynccontextmanager
async def open_tab(port: int, page: str = "", query: str = "") -> AsyncIterator[Tab]:
    """Open a page of the server on this machine's `port` and wait until it is drawn."""
    url = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(url, subprotocols=[Subprotocol("streamlit")], max_size=None, open_timeout=TIMEOUT) as socket:
        tab = Tab(socket, page, query)
        await tab.load()
        yield tab
