"""Words at least one of the databases keeps for itself; as a name they need quotes."""

_WORDS = """
add all alter analyse analyze and any array as asc asymmetric authorization backup before begin
between bigint binary blob both break browse bulk by call cascade case cast change char
character check checkpoint close clustered coalesce collate column commit compute concurrently
condition constraint contains continue convert create cross cube current current_date
current_role current_time current_timestamp current_user cursor database databases dbcc
deallocate dec decimal declare default deferrable delayed delete deny desc describe
deterministic disk distinct distinctrow distributed div do double drop dual dump each else
elseif empty enclosed end errlvl escape escaped except exec execute exists exit explain external
false fetch file fillfactor float for force foreign freetext freeze from full fulltext function
generated get glob goto grant group grouping groups having high_priority holdlock hour_second
identity if ignore ilike in index indexed infile initially inner inout insert instead int
integer intersect interval into is isnull iterate join key keys kill lateral lead leading leave
left like limit linear lineno lines load localtime localtimestamp lock long longblob longtext
loop low_priority match maxvalue mediumint merge mod modifies national natural no nocheck
nonclustered not nothing notnull null nullif numeric of off offset offsets on only open optimize
option optionally or order out outer outfile over overlaps partition percent pivot placing plan
precision primary print proc procedure public purge raise raiserror range rank read reads real
reconfigure recursive references regexp release rename repeat replace replication require
resignal restore restrict return returning revert revoke right rlike rollback row row_number
rowcount rows rule save schema schemas select sensitive separator session_user set setuser show
shutdown signal similar smallint some spatial specific sql starting statistics stored
straight_join symmetric system system_user table tablesample terminated text textsize then
tinyint to top trailing tran transaction trigger true truncate tsequal union unique unlock
unpivot unsigned update updatetext usage use user using values varbinary varchar variadic
varying verbose view virtual waitfor when where while window with within write writetext xor
year_month zerofill
"""
RESERVED = frozenset(_WORDS.split())
