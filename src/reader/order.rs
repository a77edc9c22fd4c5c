//! Reading order from boxes alone, for engines that list what they saw from top to bottom across all columns.
