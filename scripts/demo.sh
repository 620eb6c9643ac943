#!/usr/bin/env bash
# Decides, explains and back-tests three built-in strategies on the synthetic sample market, trades
# a blend of them on paper, and one of them at a simulated broker over HTTP.
set -euo pipefail

alchemiser="${ALCHEMISER:-alchemiser}"
if [[ "$alchemiser" == */* ]]; then
  # The account is traded in a folder of its own, where a relative path would lead nowhere.
  alchemiser="$(cd "$(dirname "$alchemiser")" && pwd)/$(basename "$alchemiser")"
fi

for strategy in nuclear tecl klm; do
  printf '\n$ alchemiser decide %s --data sample\n' "$strategy"
  "$alchemiser" decide "$strategy" --data sample
  printf '\n$ alchemiser backtest %s --data sample\n' "$strategy"
  "$alchemiser" backtest "$strategy" --data sample
done

account="$(mktemp -d)"
broker=""
trap '[[ -z "$broker" ]] || kill "$broker" 2>/dev/null || true; rm -rf "$account"' EXIT
cd "$account"
for command in init trade status; do
  printf '\n$ alchemiser %s\n' "$command"
  "$alchemiser" "$command"
done

# The simulated broker takes any free port, and says which.
mkdir simulated
cd simulated
printf '\n$ alchemiser simulate-broker --date 2025-06-30 &\n'
"$alchemiser" simulate-broker --date 2025-06-30 --port 0 >broker.txt &
broker=$!
for _ in $(seq 300); do
  grep -q 'Ctrl-C' broker.txt && break
  kill -0 "$broker" || exit 1
  sleep 0.1
done
cat broker.txt
# What it says goes into alchemiser.toml is the part between the two headings.
sed -n '/^In alchemiser.toml:/,/^In the environment:/{s/^    //p}' broker.txt >alchemiser.toml
sed -n '/^In the environment:/,${s/^    //p}' broker.txt >.env  # the indented lines alone
chmod 600 .env
for words in doctor 'trade tecl'; do
  printf '\n$ alchemiser %s\n' "$words"
  # shellcheck disable=SC2086  # two words
  "$alchemiser" $words
done

printf '\nThe prices above are synthetic. For your own: %s backtest klm --data FOLDER\n' "${ALCHEMISER:-alchemiser}"
