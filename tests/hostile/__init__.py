"""Files built to do harm, made afresh in a temporary folder for each run; none is kept."""
