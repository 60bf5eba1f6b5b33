"""One way to run anything long: child processes, typed events, cancel, supervisor."""
