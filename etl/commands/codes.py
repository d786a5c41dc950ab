"""Exit codes that programs may rely on."""

ALL_IN, SOME_FAILED, NOTHING, BUSY = 0, 1, 2, 3
