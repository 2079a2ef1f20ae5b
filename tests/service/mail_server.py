"""A mail server on the loopback. Tells its port first, then each letter that it took as a line of JSON; ends with its
standard input. It takes every letter, or refuses those to `refused@`, `later@` and, once the letter is there, hangs for
those to `slow@`. As `mute` it takes connections and never says a word."""

import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.smtp import SMTP


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 no such person"
        if address.startswith("later@"):
            return "451 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        told = {
            "to": envelope.rcpt_tos,
            "from": envelope.mail_from,
            "subject": str(letter["subject"]),
            "id": str(letter["message-id"]),
            "automatic": str(letter["auto-submitted"]),
            "text": letter.get_body().get_content().replace("\r\n", "\n"),
        }
        print(json.dumps(told), flush=True)
        if any(address.startswith("slow@") for address in envelope.rcpt_tos):
            await asyncio.sleep(3600)
        return "250 taken"


async def mute(reader, writer):
    await reader.read()


async def main():
    loop = asyncio.get_running_loop()
    if sys.argv[1:] == ["mute"]:
        server = await asyncio.start_server(mute, "127.0.0.1", 0)
    else:
        server = await loop.create_server(lambda: SMTP(Handler(), hostname="mail.example.vn"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
