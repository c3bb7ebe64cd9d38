"""Desk against desk at the demonstration's home: an assisted matter under listed supervision, a link, a paper, a class;
and a responsibility list with a need in each of its steps. All made up."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from gongzhi.domains.incidents import actions as incidents
from gongzhi.domains.incidents.actions import Report
from gongzhi.domains.responsibilities import actions as responsibilities
from gongzhi.domains.responsibilities.actions import Need
from gongzhi.kernel.ledger import papers
from gongzhi.kernel.models import Matter
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import Refusal
from gongzhi.surfaces.jobs.demo_people import home
from gongzhi.surfaces.jobs.demo_sheets import sheet
from gongzhi.surfaces.jobs.demo_stage import Ended, Stage, Story

ANYONE = Acting.public("portal")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


def set_out(stage: Stage) -> None:
    """Put the stories into the queue."""
    said = sheet("duty")
    stage.begin(stage.last - timedelta(hours=said["hours"]), _listed)
    for row in said["need"]:
        stage.begin(stage.last - timedelta(hours=row["hours"]), _need(row))


def _hand(stage: Stage, role: str) -> Acting:
    level = str(stage.world.pack.table("roles")["role"][role]["level"])
    return stage.world.at(role, home(stage.world, level))


def _taking(stage: Stage, matter: Matter) -> Callable[..., None]:
    def act(action: str, by: Acting, **said: Any) -> None:
        try:
            incidents.take(matter, action, by=by, at=stage.now, **said)
        except Refusal as refusal:
            raise Ended(f"duty {action}: {refusal.sentence}") from refusal

    return act


def _reported(stage: Stage, words: str, place: str, leaf: str) -> Matter:
    report = Report(area=home(stage.world, "grid"), words=words, category=leaf, place=place)
    return incidents.report(report, by=ANYONE, at=stage.now, key=f"{stage.dice.getrandbits(128):032x}").matter


def _listed(stage: Stage) -> Story:
    """Two linked matters; on one of them two units, a paper, a supervision and then a listing."""
    said, grid = sheet("duty"), home(stage.world, "grid")
    lead, second = (stage.world.unit(said[name], grid) for name in ("lead", "assisting"))
    if lead is None or second is None:
        return
    other = _reported(stage, said["other_words"], said["place"], said["leaf"])
    matter = _reported(stage, said["words"], said["place"], said["leaf"])
    act, centre = _taking(stage, matter), _hand(stage, "district_dispatcher")
    yield stage.now + timedelta(minutes=9)
    act("accept", _hand(stage, "community_desk"))
    act("raise_to_street", _hand(stage, "community_desk"))
    act("raise_to_district", _hand(stage, "street_dispatcher"))
    yield stage.now + timedelta(minutes=20)
    act("dispatch", centre, to=lead, assisting=[second], assist_ask=said["ask"])
    yield stage.now + timedelta(minutes=15)
    act("sign_in", stage.world.of("unit_contact", lead))
    act("link", centre, link_number=other.number, link_kind="related")
    paper = papers.receive_paper(said["paper"], io.BytesIO(PDF), 1)
    act("attach", centre, papers=[paper], note=said["paper_note"])
    yield stage.now + timedelta(minutes=50)
    act("assist_done", stage.world.of("unit_contact", second), assist_reply=said["reply"])
    act("class_hard", _hand(stage, "street_leader"), hard_class="joint", hard_why=said["why"])
    act("urge", centre, note=said["urge"])
    leader, until = _hand(stage, "district_leader"), (stage.last + timedelta(days=5)).date()
    order = {"listing_ground": "many_years", "listed_demand": said["demand"]}
    act("supervise_listed", leader, answer_by=until, **order)


def _need(row: dict[str, Any]) -> Callable[[Stage], Story]:
    def story(stage: Stage) -> Story:
        hand, secretary = _hand(stage, "community_desk"), _hand(stage, "community_secretary")
        need = Need(home(stage.world, "community"), row["kind"], row["title"], row["text"])
        matter = responsibilities.raise_need(
            need, by=hand, at=stage.now, key=f"{stage.dice.getrandbits(128):032x}"
        )
        for action, by, said in _steps(stage, row, secretary):
            yield stage.now + timedelta(minutes=30)
            try:
                responsibilities.take(matter, action, by=by, at=stage.now, **said)
            except Refusal as refusal:
                raise Ended(f"need {action}: {refusal.sentence}") from refusal

    return story


def _steps(stage: Stage, row: dict[str, Any], secretary: Acting) -> list[tuple[str, Acting, dict[str, Any]]]:
    """As far as the row goes: reviewed, promised, done, published."""
    unit = stage.world.unit(row["unit"], home(stage.world, "grid"))
    if unit is None:
        return []
    contact, clock = _hand(stage, row["speaks"]), Acting.clock()
    until = (stage.now + timedelta(days=9)).date()
    voices = [("say", ANYONE, {"stance": one}) for one in row["voices"]]
    every = {
        "review": [("open_review", secretary, {"until_day": until}), *voices],
        "promise": [
            ("close_review", clock, {}),
            ("assign", secretary, {"to": unit}),
            ("promise", contact, {"promise_words": row["promise"], "done_by": _day(stage.last, 12)}),
        ],
        "publish": [
            ("report_done", contact, {"result_text": row["result"]}),
            ("publish_result", secretary, {}),
        ],
    }
    return [step for name in row["steps"] for step in every[name]]


def _day(moment: datetime, days: int) -> Any:
    return (moment + timedelta(days=days)).date()
