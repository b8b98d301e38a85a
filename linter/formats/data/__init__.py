"""Tables of facts about the world, as literals: one module a table, each entry with where it was read."""
