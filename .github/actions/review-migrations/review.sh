#!/usr/bin/env bash
# Reviews the migrations that this branch adds: annotations on the lines, a summary, SARIF, and one comment
# on the pull request that is kept up to date. Runs as it stands on a checkout too: PROJECT=. review.sh
set -euo pipefail

action=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tool=$(cd "$action/../../.." && pwd)
reports=${RUNNER_TEMP:-$(mktemp -d)}
marker='<!-- review-migrations -->'

if [ ! -e "$tool/packages/migrator/node_modules/commander" ]; then
  (cd "$tool" && CI=true npx -y pnpm@12 install --frozen-lockfile --ignore-scripts --filter @reference/migrator)
fi

arguments=(--project "${PROJECT:-.}" --runner "${RUNNER_OF_MIGRATIONS:-drizzle}" --fail-on "${FAIL_ON:-danger}")
arguments+=(--target "${TARGET:-postgres}")
if [ -n "${FOLDER:-}" ]; then arguments+=(--no-config --folder "$FOLDER"); fi
if [ -n "${BASE:-}" ]; then arguments+=(--since "$BASE"); else arguments+=(--branch); fi

# A checkout of depth 1, as actions/checkout makes by default, has no merge base.
if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
  git fetch --quiet --unshallow origin
  if [ -n "${GITHUB_BASE_REF:-}" ]; then
    git fetch --quiet origin "+refs/heads/$GITHUB_BASE_REF:refs/remotes/origin/$GITHUB_BASE_REF"
  fi
fi

outputs=("markdown=$reports/migrations.md" "sarif=$reports/migrations.sarif")
if [ "${TRACE:-false}" = true ]; then
  if [ -z "${SCRATCH_URL:-}" ]; then
    echo '::error::trace needs scratch-url, a PostgreSQL server that may be filled with generated rows'
    exit 3
  fi
  arguments+=(--trace --trace-rows "${TRACE_ROWS:-1000,100000}" --scratch-url "$SCRATCH_URL" --format text)
  outputs+=("github=$reports/annotations.txt" "trace=$reports/trace.md")
else
  arguments+=(--format github)
fi

code=0
rm -f "$reports/trace.md"
node "$tool/packages/migrator/bin/migrator.js" review "${arguments[@]}" --output "${outputs[@]}" || code=$?
# 1 is a finding; anything else says that nothing was reviewed.
if [ "$code" -gt 1 ]; then exit "$code"; fi
if [ -e "$reports/trace.md" ]; then
  cat "$reports/annotations.txt"
  if [ -n "$(tr -d '[:space:]' <"$reports/trace.md")" ]; then
    { printf '\n## What each statement did\n\n'; cat "$reports/trace.md"; } >>"$reports/migrations.md"
  fi
fi

if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$reports/migrations.md" >>"$GITHUB_STEP_SUMMARY"; fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then echo "sarif=$reports/migrations.sarif" >>"$GITHUB_OUTPUT"; fi

if [ "${COMMENT:-true}" = true ] && [ -n "${PULL_REQUEST:-}" ] && [ -n "${GH_TOKEN:-}" ]; then
  { echo "$marker"; cat "$reports/migrations.md"; } >"$reports/comment.md"
  comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
  id=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | head -n 1)
  # A pull request from a fork has a token that may not write: the review itself still counts.
  if [ -n "$id" ]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$reports/comment.md" >/dev/null ||
      echo '::warning::the comment could not be updated'
  elif ! grep -q ': nothing to say' "$reports/comment.md"; then
    gh api --method POST "$comments" -F "body=@$reports/comment.md" >/dev/null ||
      echo '::warning::the comment could not be written'
  fi
fi
exit "$code"
