-- Who may enter the platform's database, who may use temporary tables, and what the reading role is held to.
GRANT CONNECT ON DATABASE supply_chain TO
supply_chain_owner, supply_chain_seeder, supply_chain_producer, supply_chain_stream, supply_chain_operator,
supply_chain_forecaster, supply_chain_reader;
GRANT CREATE ON DATABASE supply_chain TO supply_chain_owner;
GRANT TEMPORARY ON DATABASE supply_chain TO supply_chain_seeder, supply_chain_operator;
ALTER ROLE supply_chain_reader SET default_transaction_read_only = on;
ALTER ROLE supply_chain_reader SET statement_timeout = '60s';
ALTER SCHEMA public OWNER TO supply_chain_owner;
