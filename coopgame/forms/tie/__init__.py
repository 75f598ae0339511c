"""Relations between two unequal sides with one level of co-operation."""
