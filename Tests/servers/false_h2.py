"""Agrees to HTTP/2 and then speaks nonsense, as some proxies do; serves one text by HTTP/1.1.

usage: false_h2.py PORT FOLDER-OF-CERTIFICATES TEXT [COUNT]

With COUNT it does not know HTTP/2, and breaks off so many handshakes before the first good one.
"""
import socketserver
import ssl
import struct
import sys
from socket import SOL_SOCKET, SO_LINGER

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{sys.argv[2]}/server.pem", f"{sys.argv[2]}/server.key")
breaks = [None] * int(sys.argv[4]) if len(sys.argv) > 4 else None
context.set_alpn_protocols(["h2", "http/1.1"] if breaks is None else ["http/1.1"])
text = sys.argv[3].encode()


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        if breaks:
            breaks.pop()
            self.request.recv(65536)
            # Closing becomes a reset.
            self.request.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            return
        try:
            with context.wrap_socket(self.request, server_side=True) as connection:
                connection.recv(65536)
                if connection.selected_alpn_protocol() == "h2":
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 40)
                    # Closing at once would be a reset, which hides the nonsense.
                    while connection.recv(65536):
                        pass
                else:
                    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\n"
                    connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + text)
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
