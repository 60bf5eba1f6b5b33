"""Guards of a running training: pure state machines whose state goes into the checkpoint."""
