"""moto's S3 with signatures really checked: a bucket and one user who may use it.

usage: moto.py PORT KEYFILE. Writes access key and secret key to KEYFILE before it listens to others.
"""
import json
import os
import sys

import boto3
from moto import server
from moto.core.responses import ActionAuthenticatorMixin
from moto.server import ThreadedMotoServer

port, key_file = int(sys.argv[1]), sys.argv[2]
running = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
running.start()
common = dict(
    endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
    aws_access_key_id="setup", aws_secret_access_key="setup")
boto3.client("s3", **common).create_bucket(Bucket="bucket")
iam = boto3.client("iam", **common)
iam.create_user(UserName="ada")
everything = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.put_user_policy(
    UserName="ada", PolicyName="all", PolicyDocument=json.dumps(everything))
key = iam.create_access_key(UserName="ada")["AccessKey"]
ActionAuthenticatorMixin.request_count = 0
from moto import settings
settings.INITIAL_NO_AUTH_ACTION_COUNT = 0.0
with open(key_file + ".new", "w") as file:
    file.write(key["AccessKeyId"] + "\n" + key["SecretAccessKey"] + "\n")
os.rename(key_file + ".new", key_file)
running._thread.join()
