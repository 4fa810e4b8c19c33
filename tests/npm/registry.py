# SPDX-License-Identifier: Apache-2.0
"""A registry of npm packages for tests: serves the .tgz files of a folder, and nothing else."""
import base64
import hashlib
import http.server
import json
import pathlib
import tarfile
import threading
import urllib.parse


def manifest_of(file):
    with tarfile.open(file) as archive:
        return json.load(archive.extractfile("package/package.json"))


class Registry:
    """url is for .npmrc; asked lists the names that were asked for."""

    def __init__(self, folder):
        self.files = {file.name: file for file in pathlib.Path(folder).glob("*.tgz")}
        self.asked = []
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                registry.answer(self)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def document(self, name):
        versions = {}
        for file in self.files.values():
            manifest = manifest_of(file)
            if manifest["name"] != name:
                continue
            content = file.read_bytes()
            integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
            dist = {"tarball": f"{self.url}/{name}/-/{file.name}", "integrity": integrity,
                    "shasum": hashlib.sha1(content).hexdigest()}
            versions[manifest["version"]] = {**manifest, "dist": dist}
        if not versions:
            return None
        # Old enough for package managers that wait until a version has been looked at.
        times = dict.fromkeys([*versions, "created", "modified"], "2024-01-01T00:00:00.000Z")
        return {"name": name, "versions": versions, "dist-tags": {"latest": max(versions)}, "time": times}

    def answer(self, request):
        path = urllib.parse.unquote(request.path).lstrip("/")
        self.asked.append(path)
        file = self.files.get(path.rsplit("/", 1)[-1])
        document = None if file else self.document(path)
        body = file.read_bytes() if file else json.dumps(document).encode()
        request.send_response(200 if file or document else 404)
        request.send_header("Content-Type", "application/octet-stream" if file else "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
