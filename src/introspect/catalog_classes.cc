// SPDX-License-Identifier: Apache-2.0
#include "introspect/catalog_classes.h"

#include <array>

namespace ballast::introspect {

namespace {

using enum CatalogUse;

constexpr auto kClasses = std::to_array<CatalogClass>({
    {"pg_aggregate", kPart, "the aggregate's definition"},
    {"pg_am", kListed, "access methods"},
    {"pg_amop", kPart, "operators of the operator family"},
    {"pg_amproc", kPart, "functions of the operator family"},
    {"pg_attrdef", kPart, "default or generation expression of the column"},
    {"pg_attribute", kPart, "columns, attributes of composite types"},
    {"pg_auth_members", kCluster, "membership in roles"},
    {"pg_authid", kCluster, "roles"},
    {"pg_cast", kListed, "casts"},
    {"pg_class", kListed, "tables, views, sequences, indexes"},
    {"pg_collation", kListed, "collations"},
    {"pg_constraint", kListed, "constraints of tables and domains"},
    {"pg_conversion", kListed, "conversions"},
    {"pg_database", kCluster, "of the database itself: privileges, comment, connection limit"},
    {"pg_db_role_setting", kWhole, "settings of the database"},
    {"pg_default_acl", kListed, "default privileges"},
    {"pg_depend", kServer, "follows from the objects"},
    {"pg_description", kPart, "comments"},
    {"pg_enum", kPart, "values of the enum"},
    {"pg_event_trigger", kListed, "event triggers"},
    {"pg_extension", kWhole, "extensions; plpgsql is in every database"},
    {"pg_foreign_data_wrapper", kListed, "foreign-data wrappers"},
    {"pg_foreign_server", kListed, "servers"},
    {"pg_foreign_table", kPart, "server and options of the foreign table"},
    {"pg_index", kPart, "the index's definition"},
    {"pg_inherits", kPart, "parents of tables and indexes"},
    {"pg_init_privs", kServer, "the base that grants are compared with"},
    {"pg_language", kListed, "languages"},
    {"pg_largeobject", kServer, "rows, not structure; their objects are counted"},
    {"pg_largeobject_metadata", kWhole, "large objects are counted"},
    {"pg_namespace", kListed, "schemas"},
    {"pg_opclass", kListed, "operator classes"},
    {"pg_operator", kListed, "operators"},
    {"pg_opfamily", kListed, "operator families"},
    {"pg_parameter_acl", kCluster, "privileges on settings of the server"},
    {"pg_partitioned_table", kPart, "partition key of the table"},
    {"pg_policy", kListed, "policies"},
    {"pg_proc", kListed, "functions, procedures, aggregates"},
    {"pg_publication", kListed, "publications"},
    {"pg_publication_namespace", kPart, "schemas of the publication"},
    {"pg_publication_rel", kPart, "tables of the publication"},
    {"pg_range", kPart, "the range type's definition"},
    {"pg_replication_origin", kCluster, "progress of replication"},
    {"pg_rewrite", kListed, "rules"},
    {"pg_seclabel", kPart, "security labels"},
    {"pg_sequence", kPart, "the sequence's options"},
    {"pg_shdepend", kServer, "follows from the objects"},
    {"pg_shdescription", kPart, "the database's comment; others are the cluster's"},
    {"pg_shseclabel", kPart, "the database's label; others are the cluster's"},
    {"pg_statistic", kServer, "what ANALYZE found in the rows"},
    {"pg_statistic_ext", kListed, "statistics objects"},
    {"pg_statistic_ext_data", kServer, "what ANALYZE found in the rows"},
    {"pg_subscription", kWhole, "subscriptions"},
    {"pg_subscription_rel", kServer, "progress of replication"},
    {"pg_tablespace", kCluster, "tablespaces; tables name theirs"},
    {"pg_transform", kListed, "transforms"},
    {"pg_trigger", kListed, "triggers"},
    {"pg_ts_config", kListed, "text search configurations"},
    {"pg_ts_config_map", kPart, "mappings of the configuration"},
    {"pg_ts_dict", kListed, "text search dictionaries"},
    {"pg_ts_parser", kListed, "text search parsers"},
    {"pg_ts_template", kListed, "text search templates"},
    {"pg_type", kListed, "types"},
    {"pg_user_mapping", kWhole, "user mappings"},
});

}  // namespace

std::span<const CatalogClass> CatalogClasses() {
  return kClasses;
}

}  // namespace ballast::introspect
