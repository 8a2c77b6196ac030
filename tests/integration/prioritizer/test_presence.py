"""Who works is given leads, and nobody else; who leaves hands back what was theirs."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.prioritizer.callers import Rep
from services.prioritizer.explaining import Explaining
from services.prioritizer.in_hand import Given
from services.prioritizer.listed import Wanted
from services.prioritizer.listing import Lists
from services.prioritizer.playbooks import Playbooks
from services.prioritizer.presence import Word
from services.prioritizer.serving import Serving
from services.prioritizer.time_off import TimesOff
from services.runtime.problem import Problem
from services.runtime.roles import Caller
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import ANA, BEN, Queue

HOUR = timedelta(hours=1)
MINE: dict[str, Any] = {"for_rep": "ana", "due_at": NOW + HOUR, "lapses_at": NOW + 9 * HOUR}
PROMISED = MINE | {"again": "callback", "attempt": 2}
MANAGER = Caller("mia", frozenset({"manager"}), TEAM)


async def refused(serving: Serving, rep: Rep = ANA) -> tuple[int, str]:
    with pytest.raises(Problem) as problem:
        await serving.next(rep)
    return problem.value.status_code, problem.value.type


async def vanish(queue: Queue, rep: Rep = ANA) -> None:
    await queue.execute(
        "update prioritizer.presence set until = now() where rep_id = %s", rep.rep_id
    )


async def off(queue: Queue, rep_id: str | None, begins: timedelta, ends: timedelta) -> None:
    now = (await queue.rows("select now()"))[0]["now"]
    await TimesOff(queue.pool).enter(MANAGER, rep_id, now + begins, now + ends)


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


async def test_time_off_keeps_a_rep_out_and_gives_even_promises_to_the_team(
    queue: Queue,
) -> None:
    promised = await queue.lead(**PROMISED)
    await off(queue, "ana", -HOUR, HOUR)
    assert await refused(queue.serving) == (409, "time-off")
    await queue.presence.say(ANA, "clocked-in")
    assert await refused(queue.serving) == (409, "time-off")
    assert await queue.next(BEN) == promised.id


@pytest.mark.parametrize(("begins", "ends"), [(-2 * HOUR, -HOUR), (HOUR, 2 * HOUR)])
async def test_time_off_counts_from_its_beginning_to_its_end(
    queue: Queue, begins: timedelta, ends: timedelta
) -> None:
    own = await queue.lead(**MINE)
    await off(queue, "ana", begins, ends)
    assert await queue.next(BEN) is None
    assert await queue.next(ANA) == own.id


async def test_a_team_off_is_given_nothing_and_another_team_goes_on(queue: Queue) -> None:
    await queue.lead()
    lead = await queue.lead(team="enterprise")
    await off(queue, None, -HOUR, HOUR)
    for rep in (ANA, BEN):
        assert await refused(queue.serving, rep) == (409, "time-off")
    assert await queue.next(Rep("eva", "enterprise")) == lead.id


async def test_after_time_off_everything_comes_in_its_ordinary_order(queue: Queue) -> None:
    late = [await queue.lead(attempts=1, due_at=NOW - n * HOUR) for n in (3, 5, 4)]
    new = await queue.lead()
    await off(queue, "ana", -HOUR, HOUR)
    await queue.execute("update prioritizer.time_off set ends_at = now()")
    order = []
    for _ in range(4):
        given = await queue.given(ANA)
        order.append(given.claim.lead_id)
        await queue.dispose(given)
    assert order == [new.id, late[1].id, late[2].id, late[0].id]


async def test_reps_speak_for_themselves_and_managers_for_the_team(queue: Queue) -> None:
    rep, off_ = Caller("ana", frozenset({"rep"}), TEAM), TimesOff(queue.pool)
    own = await off_.enter(rep, "ana", NOW, NOW + HOUR)
    for other in ("ben", None):
        with pytest.raises(Problem) as problem:
            await off_.enter(rep, other, NOW, NOW + HOUR)
        assert problem.value.type == "not-your-time-off"
    teams = await off_.enter(MANAGER, None, NOW, NOW + 2 * HOUR)
    assert await off_.coming(rep) == (own, teams)
    stranger = Caller("eve", frozenset({"manager"}), "enterprise")
    for caller, one in ((rep, teams), (stranger, own)):
        with pytest.raises(Problem) as problem:
            await off_.end(caller, one.id)
        assert problem.value.type == "unknown-time-off"
    assert await off_.end(rep, own.id) == own
    assert await off_.coming(MANAGER) == (teams,)


async def test_lists_show_to_whom_own_touches_are_kept(queue: Queue) -> None:
    await queue.lead(**MINE)
    lists = Lists(queue.pool, queue.vault, Playbooks())
    before = await lists.page(MANAGER, Wanted(), None, 10)
    await queue.presence.say(ANA, "left")
    after = await lists.page(MANAGER, Wanted(), None, 10)
    assert [page.leads[0].rule for page in (before, after)] == ["kept-for-rep", None]


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
