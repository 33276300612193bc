"""No client of the hub guesses, skips or gives up by its configuration: each rule, and a violation of each that is caught."""
