#!/usr/bin/env bash
# Runs in the project's clone, after the overlay was laid over it: makes the commit, without a signature.
set -euo pipefail
git add --all
git -c commit.gpgsign=false commit --quiet --message "Show fifty results on a page"
