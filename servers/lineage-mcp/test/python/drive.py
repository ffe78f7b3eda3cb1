"""Opens a session of a marimo server the way a browser does, lets every cell run, and closes. usage: drive.py URL [again CELL]; DRIVE_SESSION names the session, DRIVE_CODE is what CELL was edited to"""

import asyncio
import json
import os
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import parse_qs, urlsplit

import websockets


# Newer servers turn the token of the address into a cookie.
jar = CookieJar()
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))


def call(base, path, session, token, server_token, body):
    headers = {"Content-Type": "application/json", "Marimo-Session-Id": session, "Marimo-Server-Token": server_token}
    query = f"?access_token={token}" if token else ""
    request = urllib.request.Request(base + path + query, json.dumps(body).encode(), headers)
    return opener.open(request, timeout=20).read()


async def main(url, again=None):
    parts = urlsplit(url)
    base = f"{parts.scheme}://{parts.netloc}"
    token = parse_qs(parts.query).get("access_token", [""])[0]
    page = opener.open(url, timeout=20).read().decode()
    import re

    found = re.search(r'"serverToken":\s*"([^"]*)"', page) or re.search(r'data-token="([^"]*)"', page)
    server_token = found.group(1) if found else ""
    session = "s_" + os.environ.get("DRIVE_SESSION", "abc123")
    ws = f"ws://{parts.netloc}/ws?session_id={session}" + (f"&access_token={token}" if token else "")
    idle = 0
    cells = {}
    async with websockets.connect(ws, max_size=None, additional_headers={"Cookie": "; ".join(f"{each.name}={each.value}" for each in jar)}) as socket:
        started = False
        end = asyncio.get_running_loop().time() + 120
        while asyncio.get_running_loop().time() < end:
            try:
                message = json.loads(await asyncio.wait_for(socket.recv(), 2))
            except asyncio.TimeoutError:
                # A busy machine is silent for longer than this before the first run ends.
                if idle > (again is not None):
                    break
                continue
            op = message.get("op")
            if op == "kernel-ready" and not started:
                started = True
                about = message.get("data", message)
                cells = dict(zip(about.get("names", []), zip(about.get("cell_ids", about.get("cellIds", [])), about.get("codes", []))))
                try:
                    call(base, "/api/kernel/instantiate", session, token, server_token, {"objectIds": [], "values": [], "autoRun": True})
                except urllib.error.HTTPError:
                    # A served app starts by itself.
                    pass
            if op == "completed-run":
                idle += 1
                if idle == 1 and again is not None:
                    cell, code = cells[again]
                    code = os.environ.get("DRIVE_CODE", code)
                    call(base, "/api/kernel/run", session, token, server_token, {"cellIds": [cell], "codes": [code]})
    print("completed", idle)


asyncio.run(main(sys.argv[1], sys.argv[3] if len(sys.argv) > 3 else None))
