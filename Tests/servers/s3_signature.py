"""Says what an S3 server makes of requests that somebody signed: reads JSON lines with method, path,
query, headers, and prints for each the Authorization header that botocore's signer gives it.

S3 takes the path and the query apart first and writes every byte of them again in its own way ("Create
a signed AWS API request", canonical URI and canonical query string); a signer that signed other bytes
is refused there. Each line: {"method", "path", "query", "headers": {}}; arguments: KEY SECRET REGION.
"""
import datetime
import json
import sys
import urllib.parse

import botocore.auth
import botocore.compat
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

key, secret, region = sys.argv[1:]


class Signer(botocore.auth.S3SigV4Auth):
    """Signs the headers that were signed, and takes the hash of the body as it was told."""

    def headers_to_sign(self, request):
        found = botocore.auth.HTTPHeaders()
        for name in request.context["signed"]:
            found[name] = request.headers[name]
        return found

    def payload(self, request):
        return request.headers["x-amz-content-sha256"]


for line in sys.stdin:
    asked = json.loads(line)
    headers = asked["headers"]
    given = headers.pop("authorization")
    signed = given.split("SignedHeaders=")[1].split(",")[0].split(";")
    # Latin-1 keeps bytes that are no UTF-8 as they are.
    path = urllib.parse.quote(urllib.parse.unquote_to_bytes(asked["path"]), safe="/~")
    pairs = [pair.partition("=") for pair in asked["query"].split("&") if pair]
    query = "&".join(
        urllib.parse.quote(urllib.parse.unquote_to_bytes(name), safe="-_.~") + "="
        + urllib.parse.quote(urllib.parse.unquote_to_bytes(value), safe="-_.~")
        for name, _, value in pairs)
    request = AWSRequest(
        method=asked["method"], url=f"http://{headers['host']}{path}" + ("?" + query if query else ""),
        headers=headers)
    stamp = headers["x-amz-date"]
    request.context.update(timestamp=stamp, signed=signed)
    signer = Signer(Credentials(key, secret), "s3", region)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    print(f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, "
          f"SignedHeaders={';'.join(sorted(signed))}, "
          f"Signature={signer.signature(text, request)}", flush=True)
