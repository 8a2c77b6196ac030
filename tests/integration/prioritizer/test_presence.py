"""Who works is given leads, and nobody else; who leaves hands back what was theirs."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from services.prioritizer.callers import Rep
from services.prioritizer.claims.explaining import Explaining
from services.prioritizer.claims.in_hand import Given
from services.prioritizer.people.presence import Word
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.attendance import MANAGER, MINE, refused
from tests.integration.prioritizer.decisions import TEAM
from tests.integration.prioritizer.queue import ANA, BEN, Queue

PROMISED = MINE | {"again": "callback", "attempt": 2}


async def vanish(queue: Queue, rep: Rep = ANA) -> None:
    await queue.execute(
        "update prioritizer.presence set until = now() where rep_id = %s", rep.rep_id
    )


async def test_asking_clocks_a_rep_in_unless_it_is_demanded(queue: Queue) -> None:
    lead = await queue.lead()
    assert await refused(queue.demanding().serving) == (409, "not-clocked-in")
    assert await queue.presence.of(ANA) is None
    assert await queue.next(ANA) == lead.id
    standing = await queue.presence.of(ANA)
    assert standing is not None
    assert standing.state == "clocked-in"


@pytest.mark.parametrize("word", ["paused", "left"])
async def test_where_it_is_demanded_only_who_is_clocked_in_is_given_leads(
    queue: Queue, word: Word
) -> None:
    lead = await queue.lead()
    strict = queue.demanding()
    await queue.presence.say(ANA, word)
    assert (await refused(strict.serving))[0] == 409
    await queue.presence.say(ANA, "clocked-in")
    await vanish(queue)
    assert await refused(strict.serving) == (409, "not-clocked-in")
    await queue.presence.say(ANA, "clocked-in")
    assert await strict.next(ANA) == lead.id


async def test_a_rep_who_pauses_is_given_none_until_the_pause_ends(queue: Queue) -> None:
    lead = await queue.lead()
    await queue.presence.say(ANA, "paused")
    assert await refused(queue.serving) == (409, "paused")
    await queue.presence.say(ANA, "clocked-in")
    assert await queue.next(ANA) == lead.id


async def test_a_rep_who_pauses_keeps_the_lead_in_hand_and_own_touches(queue: Queue) -> None:
    await queue.lead(**MINE)
    held = await queue.lead(**PROMISED)
    assert await queue.next(ANA) == held.id
    await queue.presence.say(ANA, "paused")
    assert await queue.next(ANA) == held.id
    assert await queue.next(BEN) is None


async def test_work_on_a_lead_is_a_sign_of_life(queue: Queue) -> None:
    await queue.lead()
    claim = (await queue.given(ANA)).claim
    almost = "update prioritizer.presence set until = now() + interval '20 seconds'"
    await queue.execute(almost)
    before = await queue.presence.of(ANA)
    await queue.holding.renew("ana", claim.claim_id, claim.fence)
    after = await queue.presence.of(ANA)
    assert before is not None
    assert after is not None
    assert after.until > before.until
    assert after.since == before.since


async def test_who_is_not_heard_of_is_absent_to_the_team(queue: Queue) -> None:
    await queue.presence.say(ANA, "clocked-in")
    await queue.presence.say(BEN, "paused")
    await vanish(queue)
    told = [(one.rep_id, one.state) for one in await queue.presence.team(TEAM)]
    assert told == [("ana", "absent"), ("ben", "paused")]
    assert await queue.presence.team("enterprise") == ()


async def test_leaving_gives_the_lead_in_hand_back(queue: Queue) -> None:
    lead = await queue.lead()
    claim = (await queue.given(ANA)).claim
    await queue.presence.say(ANA, "left")
    assert await queue.next(BEN) == lead.id
    types = [event.data.type for event in await queue.told()]
    assert types == ["lead-claimed", "claim-released", "lead-claimed"]
    with pytest.raises(Problem) as problem:
        await queue.holding.renew("ana", claim.claim_id, claim.fence)
    assert problem.value.type == "already-closed"


async def test_who_comes_back_may_be_given_the_same_lead_and_has_skipped_nothing(
    queue: Queue,
) -> None:
    lead = await queue.lead()
    for _ in range(3):
        assert await queue.next(ANA) == lead.id
        await queue.presence.say(ANA, "left")
    claim = (await queue.given(ANA)).claim
    await queue.with_skips(1).release("ana", claim.claim_id, claim.fence, "no time")


async def test_leaving_again_changes_nothing(queue: Queue) -> None:
    first = await queue.presence.say(ANA, "left")
    second = await queue.presence.say(ANA, "left")
    assert (first.state, second.state) == ("left", "left")
    assert await queue.told() == []


async def test_own_touches_of_who_left_are_the_teams_but_promises_wait(queue: Queue) -> None:
    own = await queue.lead(**MINE)
    await queue.lead(**PROMISED)
    assert await queue.next(BEN) is None
    await queue.presence.say(ANA, "left")
    given = await queue.given(BEN)
    assert (given.claim.lead_id, given.claim.why.kept_for) == (own.id, "absent")
    assert "another rep, who is away" in given.claim.why.words
    explained = await Explaining(queue.pool).claim(MANAGER, given.claim.claim_id)
    assert [(one.rule, one.leads) for one in explained.blocked] == [("kept-for-rep", 1)]


async def test_who_vanishes_leaves_own_touches_to_the_team(queue: Queue) -> None:
    own = await queue.lead(**MINE)
    await queue.presence.say(ANA, "clocked-in")
    assert await queue.next(BEN) is None
    await vanish(queue)
    assert await queue.next(BEN) == own.id


async def test_who_comes_back_is_given_own_touches_again(queue: Queue) -> None:
    own = await queue.lead(**MINE)
    await queue.presence.say(ANA, "left")
    await queue.presence.say(ANA, "clocked-in")
    assert await queue.next(BEN) is None
    assert await queue.next(ANA) == own.id


async def test_own_touches_of_another_team_stay_there(queue: Queue) -> None:
    await queue.lead(**MINE)
    await queue.presence.say(ANA, "left")
    assert await queue.next(Rep("eva", "enterprise")) is None


async def test_no_absent_rep_ever_holds_a_lead(queue: Queue) -> None:
    """Reps come and go while they ask; whenever a word was taken, the claims agree with it."""
    for _ in range(8):
        await queue.lead()
    strict, chance = queue.demanding(), random.Random(11)
    reps = [Rep(f"rep-{n}", TEAM) for n in range(6)]

    async def come_and_go(rep: Rep) -> AsyncIterator[Word]:
        for _ in range(15):
            word: Word = chance.choice(("clocked-in", "left", "left"))
            await queue.presence.say(rep, word)
            yield word

    async def live(rep: Rep) -> None:
        async for word in come_and_go(rep):
            asking = asyncio.gather(
                *(strict.serving.next(rep) for _ in range(3)), return_exceptions=True
            )
            last = await queue.presence.say(rep, "left") if chance.random() < 0.5 else None
            answers = await asking
            if word == "left":
                assert not any(isinstance(one, Given) for one in answers)
            if word == "left" or last is not None:
                open_ = "select from prioritizer.claims where rep_id = %s and state = 'open'"
                assert await queue.rows(open_, rep.rep_id) == []

    await asyncio.gather(*map(live, reps))
    held = await queue.rows("select claim_id from prioritizer.leads where claim_id is not null")
    claims = await queue.rows("select claim_id from prioritizer.claims where state = 'open'")
    assert sorted(map(str, held)) == sorted(map(str, claims))
