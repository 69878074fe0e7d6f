"""`make audit`: are there known vulnerabilities in what is installed? pip-audit asks an advisory service.

Ends with 1 where one is found, or pip-audit itself fails. Where the service cannot be reached, or knows none of what is
installed, nothing is known, which is said and is no failure: tests run on machines without a way out, too.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable

# A vulnerability that does not reach us: its name → why, in a sentence. Looked at again with each release.
ACCEPTED: dict[str, str] = {}
COMMAND = [sys.executable, "-m", "pip_audit", "--local", "--format", "json", "--progress-spinner", "off"]
UNREACHED = re.compile(r"(?i)connect|timed out|did not answer|resolve|proxy|network|unreachable|max retries|service")
PATIENCE = 120  # seconds


def asked() -> str:
    """What pip-audit says of this environment, as JSON; without JSON, why not."""
    try:
        done = subprocess.run(COMMAND, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return f"it did not answer within {PATIENCE} s"
    return done.stdout or (done.stderr.strip().splitlines() or ["it said nothing"])[-1][:300]


def main(ask: Callable[[], str] = asked) -> int:
    """Print what is known; 1 where a vulnerability is, else 0."""
    said, found = ask(), []
    try:
        found = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        print(f"pip-audit: {said}")
        if not UNREACHED.search(said):
            return 1
    looked = [each for each in found if "vulns" in each]
    if not looked:
        print("Dependencies were NOT audited: no advisory service could be reached.")
        return 0
    weak = [(each, bad) for each in looked for bad in each["vulns"] if bad["id"] not in ACCEPTED]
    for each, bad in weak:
        mended = ", ".join(bad.get("fix_versions", [])) or "no version yet"
        print(f"{each['name']} {each['version']}: {bad['id']}, mended in {mended}.")
    left = f"; {len(found) - len(looked)} are not known to the service" if len(found) > len(looked) else ""
    print(f"{len(looked)} dependencies audited: {len(weak)} vulnerabilities{left}.")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
