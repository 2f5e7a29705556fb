-- check: policy-without-right
-- title: 不符合条件享受政策 | A policy received without right
-- level: orange
-- subject: person
-- key: subject, policy
-- needs: five_policies
-- opens: worklist
-- ledger: warning
-- owner: 扶贫办
-- due: 60 days
-- basis: “五策同享”,县里自定 | the five policies, the county's own
-- message: {name} 不符合{policy}政策条件,已经享受 | {name} is not eligible for {policy} and receives it
-- public: policy
SELECT f.person AS subject, f.policy, list(f._row) AS policy_rows, min(f.name) AS name
FROM five_policies f
WHERE f.received AND NOT f.eligible
GROUP BY f.person, f.policy;
