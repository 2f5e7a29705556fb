-- check: started-before-licence
-- title: 未取得施工许可先开工 | Started before its licence
-- level: orange
-- subject: register
-- key: subject
-- needs: reloc_projects
-- opens: worklist
-- ledger: relocation
-- owner: 住建局
-- due: 60 days
-- basis: 《建筑法》第七条:开工前应当领取施工许可证 | Construction Law, article 7: a licence before the works start
-- message: {project} 合同 {contract} 元,{started} 开工,施工许可日期 {licence} | {project}, {contract} yuan, started on {started}; its licence is of {licence}
-- public: project, contract, started, licence
SELECT p._key AS subject, p._row AS project_row, p.project, p.contract, p.started,
       coalesce(CAST(p.licensed AS VARCHAR), '无') AS licence
FROM reloc_projects p
WHERE p.contract >= :licence_from AND p.started IS NOT NULL AND (p.licensed IS NULL OR p.licensed > p.started);
