"""moto's S3 with signatures really checked: a bucket and one user who may use it.

usage: s3.py PORT KEYFILE. KEYFILE comes to be, with access key and secret key, when all is ready.
"""
import json
import os
import sys
import urllib.parse
import urllib.request

import boto3
from moto.iam import access_control
from moto.server import ThreadedMotoServer

made = access_control.IAMRequestBase._create_aws_request


def with_encoded_query(self):
    """moto 5.1 checks the signature over the decoded query; S3 encodes every value again first."""
    request = made(self)
    path, mark, query = request.url.partition("?")
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    request.url = path + mark + urllib.parse.urlencode(
        pairs, quote_via=urllib.parse.quote, safe="-_.~")
    return request


access_control.IAMRequestBase._create_aws_request = with_encoded_query

port, key_file = int(sys.argv[1]), sys.argv[2]
running = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
running.start()
address = f"http://127.0.0.1:{port}"
common = dict(
    endpoint_url=address, region_name="us-east-1",
    aws_access_key_id="setup", aws_secret_access_key="setup")
boto3.client("s3", **common).create_bucket(Bucket="bucket")
iam = boto3.client("iam", **common)
iam.create_user(UserName="ada")
everything = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.put_user_policy(
    UserName="ada", PolicyName="all", PolicyDocument=json.dumps(everything))
key = iam.create_access_key(UserName="ada")["AccessKey"]
# From now on every request must be signed rightly.
urllib.request.urlopen(urllib.request.Request(
    f"{address}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}))
with open(key_file + ".new", "w") as file:
    file.write(key["AccessKeyId"] + "\n" + key["SecretAccessKey"] + "\n")
os.rename(key_file + ".new", key_file)
running._thread.join()
