-- check: policy-not-received
-- title: 符合条件未享受政策 | A policy due and not received
-- level: orange
-- subject: person
-- key: subject, policy
-- needs: five_policies
-- opens: worklist
-- ledger: warning
-- owner: 扶贫办
-- due: 60 days
-- basis: “五策同享”,县里自定 | the five policies, the county's own
-- message: {name} 符合{policy}政策条件,没有享受 | {name} is eligible for {policy} and does not receive it
-- public: policy
SELECT f.person AS subject, f.policy, list(f._row) AS policy_rows, min(f.name) AS name
FROM five_policies f
WHERE f.eligible AND NOT f.received
GROUP BY f.person, f.policy;
