"""A bare endpoint: GET and PUT of files below one folder, no ETag, nothing else.

usage: plain.py PORT FOLDER
"""
import http.server
import os
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _path(self):
        return sys.argv[2] + os.path.normpath("/" + self.path)

    def _answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        try:
            with open(self._path(), "rb") as file:
                self._answer(200, file.read())
        except OSError:
            self._answer(404, b"nothing here\n")

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        os.makedirs(os.path.dirname(self._path()), exist_ok=True)
        with open(self._path(), "wb") as file:
            file.write(body)
        self._answer(201)

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
