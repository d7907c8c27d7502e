-- Whether anything was ever staged.
SELECT to_regclass('staging.run') IS NOT null
