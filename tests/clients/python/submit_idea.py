"""From sign-in to a submitted idea, by the client that openapi-python-client makes of the OpenAPI document alone.

`python submit_idea.py http://127.0.0.1:8080`, where the package `client` is beside it, against the demo.
"""

import sys

from client import AuthenticatedClient, Client
from client.api.accounts import read_me
from client.api.auth import sign_in
from client.api.cycles import list_cycles
from client.api.ideas import create_idea, read_idea, submit_idea
from client.models import Credentials, IdeaForm, IdeaKind, IdeaState, Note


def done(answer):
    """What was answered, where it was no refusal, and its version."""
    assert answer.status_code < 300, answer.content.decode()
    return answer.parsed, answer.headers.get("ETag")


address = sys.argv[1]
anybody = Client(base_url=address)
credentials = Credentials(username="producer", password="ocop-demo-2020")
tokens, _ = done(sign_in.sync_detailed(client=anybody, body=credentials))
producer = AuthenticatedClient(base_url=address, token=tokens.access_token, headers={"Accept-Language": "en"})

cycles, _ = done(list_cycles.sync_detailed(client=producer, year=2021))
form = IdeaForm(
    cycle_id=cycles.items[0].id,
    kind=IdeaKind.NEW,
    product_name="Bột sắn dây Sơn Kim",
    criteria_set="mat-ong",
    description="Sắn dây trồng trong xã.",
    target_value=300_000_000,
    packaging="Túi giấy 500 g",
)
draft, version = done(create_idea.sync_detailed(client=producer, body=form))
assert draft.state == IdeaState.DRAFT, draft
submitted, version = done(submit_idea.sync_detailed(draft.id, client=producer, body=Note(), if_match=version))
assert submitted.state == IdeaState.SUBMITTED and submitted.number.endswith("/PĐK-42-439-2021"), submitted

me, _ = done(read_me.sync_detailed(client=producer))
seen, again = done(read_idea.sync_detailed(draft.id, client=producer))
assert (seen.id, seen.producer_id, again) == (draft.id, me.producer_id, version), seen
print(f"an idea submitted by a Python client: {submitted.number}")
