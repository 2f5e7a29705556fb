-- check: suspended-yet-awarded
-- title: 停业整顿期间承接项目 | Awarded a project while suspended
-- level: red
-- subject: register
-- key: subject
-- needs: reloc_projects, reloc_penalties
-- opens: issue
-- ledger: relocation
-- owner: 住建局
-- due: 60 days
-- basis: 《建筑法》第六十五条等:责令停业整顿期间不得承揽工程 | Construction Law: no works while suspended
-- message: {contractor} 于 {suspended} 至 {resumed} 停业整顿,{tendered} 承接 {project} | {contractor} was suspended from {suspended} to {resumed} and was awarded {project} on {tendered}
-- public: contractor, project, tendered, suspended, resumed
SELECT p._key AS subject, min(p._row) AS project_row, list(x._row) AS penalty_rows, min(p.contractor) AS contractor,
       min(p.project) AS project, min(p.tendered) AS tendered, min(x.suspended) AS suspended, max(x.resumed) AS resumed
FROM reloc_projects p
JOIN reloc_penalties x ON x.payer = p.contractor AND p.tendered BETWEEN x.suspended AND x.resumed
GROUP BY p._key;
