"""Rewrite rules: datapath rules as egglog text, control rules as Python."""
