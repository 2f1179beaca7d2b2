"""Speed and memory at city scale, each beside a named floor in the same run; figures are ratios, not promises."""
