from counterpoise.gui.run_story import MOST_DRAWN, MOST_KEPT, MOST_STAGES, RunStory, tell


def epoch(number: int, auc: float | None = 0.8, **more: object) -> dict[str, object]:
    return {
        "event": "epoch",
        "time": 10.0,
        "epoch": number,
        "loss": 0.5,
        "val_loss": 0.6,
        "val_auc": auc,
        **more,
    }


STARTED = {"event": "started", "time": 1.0, "mode": "features", "device": "cpu"}


def test_a_run_goes_through_its_phases():
    story = RunStory()
    assert not story.running
    story = tell(story, [STARTED])
    assert (story.phase, story.mode, story.device) == ("preparing", "features", "cpu")
    story = tell(story, [{"event": "stage", "stage": "decode", "total": 10}])
    story = tell(story, [{"event": "progress", "stage": "decode", "done": 4, "total": 10}])
    assert (story.stage, story.share) == ("decode", 0.4)
    story = tell(story, [{"event": "stage", "stage": "learn", "total": 0}, epoch(1, epochs=4)])
    assert (story.phase, story.share) == ("learning", 0.25)
    story = tell(story, [{"event": "finished", "message": "Done.", "stopped": True}])
    assert (story.phase, story.message, story.stopped) == ("finished", "Done.", True)
    assert story.stages == ("decode", "learn")


def test_no_round_is_left_out_and_one_done_anew_replaces_the_old():
    story = tell(RunStory(), [STARTED, epoch(1, 0.7), epoch(2, None), epoch(3, 0.9), epoch(3, 0.8)])
    assert story.points("val_auc") == [(1, 0.7), (3, 0.8)]
    assert [n for n, _ in story.points("loss")] == [1, 2, 3]
    assert story.best == (1, 0.7)


def test_the_best_round_is_the_one_training_keeps():
    told = [epoch(1, 0.90, val_loss=0.5), epoch(2, 0.95, val_loss=0.3), epoch(3, 0.99, val_loss=0.4)]
    assert tell(RunStory(), told).best == (2, 0.95)  # of the least loss, not of the highest AUC
    assert tell(RunStory(), [epoch(1, None)]).best == (1, None)


def test_guards_are_marks():
    guard = {"event": "guard", "code": "process-died", "message": "It was killed.", "severity": "warning"}
    story = tell(RunStory(), [STARTED, epoch(5), {**guard, "time": 3.0, "paths": ["a.png"]}])
    (mark,) = story.marks
    assert (mark.epoch, mark.code, mark.paths) == (5, "process-died", ("a.png",))


def test_pause_and_failure_are_told_apart():
    failed = {"event": "failed", "message": "Killed.", "resumable": True}
    assert tell(RunStory(), [STARTED, failed]).phase == "failed"
    paused = tell(RunStory(), [STARTED, {**failed, "paused": True}])
    assert (paused.phase, paused.resumable) == ("paused", True)
    again = tell(paused, [STARTED])
    assert again.running
    assert not again.resumable


def test_unknown_events_and_missing_fields_do_no_harm():
    story = tell(
        RunStory(), [{"event": "novelty"}, {"event": "progress"}, {"event": "stage"}, {"event": "guard"}]
    )
    assert story.running
    assert story.share is None


def test_malformed_events_are_passed_over_and_what_they_lack_is_missing():
    story = tell(
        RunStory(),
        [
            STARTED,
            {"event": "epoch"},
            {"event": "epoch", "epoch": "first"},
            {"event": "epoch", "epoch": 10**30, "loss": 1.0},
            {"event": "stage", "stage": "learn", "total": {"of": 3}},
            {"event": "progress", "done": "some"},
            {"event": "guard", "code": 3, "severity": "loud", "paths": [1], "epoch": 1, "time": "noon"},
            {"event": "guard", "epoch": []},
            epoch(2, "high", memory_used="all", memory_total=1, epochs=[7], device=["cpu"]),
            epoch(3, 0.9, val_loss=float("inf")),
        ],
    )
    assert list(story.epochs) == [2, 3]
    assert story.points("val_auc") == [(3, 0.9)]
    assert [n for n, _ in story.points("val_loss")] == [2]
    assert (story.memory, story.planned_epochs) == (None, None)
    assert [(mark.code, mark.severity, mark.paths) for mark in story.marks] == [
        ("3", "warning", ("1",)),
        ("", "warning", ()),
    ]


def test_a_flood_is_folded_in_time_and_within_bounds():
    story = tell(RunStory(), ({"event": "stage", "stage": f"s{n}"} for n in range(2_000)))
    story = tell(story, ({"event": "guard", "code": "stalled", "epoch": n} for n in range(2_000)))
    assert len(story.stages) <= MOST_STAGES + 1
    assert [mark.epoch for mark in story.marks][-1] == 1_999
    assert len(story.marks) <= MOST_KEPT + 1
    before = tell(story, map(epoch, range(3_000)))
    after = tell(before, [epoch(3_000)])
    assert (len(before.epochs), len(after.epochs)) == (3_000, 3_001)  # the value before is as it was
    assert len(after.points("loss")) == 3_001


def waiting(code: str = "source-lost") -> dict[str, object]:
    return {"event": "guard", "code": code, "message": "Waiting.", "time": 3.0, "epoch": 2, "step": 7}


def test_what_it_waits_for_is_its_state_until_it_goes_on():
    learning = tell(RunStory(), [STARTED, {"event": "progress", "stage": "learn", "done": 5, "total": 9}])
    story = tell(learning, [waiting()])
    assert story.held is not None
    assert (story.held.code, story.held.step) == ("source-lost", 7)
    still = [{"event": "stage", "stage": "waiting", "code": "source-lost"}, waiting("stalled")]
    assert tell(story, still).held == story.held  # it lives, but waits
    assert (
        tell(learning, [{"event": "stage", "stage": "waiting", "code": "disk-full"}]).held.code == "disk-full"
    )
    again = tell(tell(story, still), [{"event": "stage", "stage": "learn", "total": 9}])
    assert (again.held, again.stages, again.done) == (None, learning.stages, 5)
    assert tell(story, [{"event": "progress", "stage": "learn", "done": 6, "total": 9}]).held is None
    assert tell(story, [epoch(1)]).held is None
    assert tell(story, [{"event": "failed", "message": "Gone."}]).held is None
    assert len(tell(story, [epoch(1)]).marks) == 1


def test_silence_ends_with_the_next_word():
    story = tell(RunStory(), [STARTED, waiting("stalled")])
    assert story.held is not None
    assert tell(story, [{"event": "progress", "done": 0}]).held is None


def test_a_remark_holds_nothing_up():
    assert tell(RunStory(), [STARTED, waiting("class-collapse")]).held is None


def test_a_very_long_line_keeps_its_peaks():
    story = tell(RunStory(), (epoch(n, 0.99 if n == 4_321 else 0.5 + n % 7 / 100) for n in range(20_000)))
    line = story.line("val_auc")
    assert len(line) <= MOST_DRAWN + 2
    assert (4_321, 0.99) in line
    assert line == sorted(line)
    assert set(line) <= set(story.points("val_auc"))
