#include "demo/demo.h"

#include "base/assert.h"
#include "base/file.h"
#include "demo/inside.h"

static tz_rc prepare_folder(tz_arena *mem, const char *folder, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_names names = {0};

    TZ_TRY(tz_file_make_folder(folder, err));
    TZ_TRY(tz_file_list(mem, folder, &names, err));
    if (names.count > 0) {
        (void)tz_fail(err, TZ_USAGE, "文件夹 %s 不是空的", "the folder %s is not empty", folder);
        rc = tz_err_advise(err, "换一个文件夹,或先清空", "give another folder, or empty it first");
    }
done:
    return rc;
}

/* damage: of a hundred values of identity, so many are damaged; the county is clean then. */
static tz_rc write_county(const tz_app *app, const char *folder, uint64_t seed, double scale, bool is_clean, uint32_t damage,
                          tz_err *err)
{
    tz_assert(app != NULL && folder != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    demo_county county = {.app = app, .mem = &mem, .pcg = demo_pcg_init(seed), .scale = scale};

    if (!(scale >= 0.01 && scale <= 20)) {
        rc = tz_fail(err, TZ_USAGE, "规模应在 0.01 到 20 之间", "the scale is 0.01 to 20");
        goto done;
    }
    TZ_TRY(prepare_folder(&mem, folder, err));
    TZ_TRY(demo_people_make(&county, err));
    if (!is_clean)
        demo_plans_make(&county);
    demo_registers_make(&county);
    demo_schools_make(&county);
    if (!is_clean) {
        demo_plants_population(&county);
        demo_plants_aid(&county);
        demo_plans_assistance(&county);
    }
    demo_assistance_make(&county);
    if (!is_clean)
        demo_plants_assistance(&county);
    demo_housing_open(&county);
    if (!is_clean)
        demo_plants_housing(&county);
    demo_housing_fill(&county);
    demo_health_make(&county, is_clean);
    demo_relocation_make(&county, is_clean);
    demo_schools_kept_make(&county, is_clean);
    demo_roads_make(&county, is_clean);
    demo_projects_make(&county, is_clean);
    demo_solar_make(&county, is_clean);
    demo_inspection_make(&county, is_clean);
    demo_irrigation_make(&county, is_clean);
    demo_care_make(&county, is_clean);
    demo_teams_make(&county, is_clean);
    demo_party_make(&county, is_clean);
    demo_collective_make(&county, is_clean);
    demo_zeroing_make(&county, is_clean);
    demo_water_make(&county, is_clean);
    demo_funds_make(&county, is_clean);
    demo_offices_make(&county, is_clean);
    demo_warning_make(&county, is_clean);
    demo_millet_make(&county, is_clean);
    demo_variants_scatter(&county);
    if (damage > 0)
        demo_damage(&county, damage);
    TZ_TRY(demo_files_write(&county, folder, err));
    TZ_TRY(demo_answers_write(&county, folder, damage > 0, err));
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_demo_write(const tz_app *app, const char *folder, uint64_t seed, double scale, bool is_clean, tz_err *err)
{
    return write_county(app, folder, seed, scale, is_clean, 0, err);
}

tz_rc tz_demo_write_damaged(const tz_app *app, const char *folder, uint64_t seed, double scale, int64_t damage, tz_err *err)
{
    if (damage < 1 || damage > 50)
        return tz_fail(err, TZ_USAGE, "损坏的比例应在 1 到 50 之间", "the share of damage is 1 to 50");
    return write_county(app, folder, seed, scale, true, (uint32_t)damage, err);
}
