"""The portal: residents report, follow, rate. One column, 390 first, everything works without JavaScript."""
