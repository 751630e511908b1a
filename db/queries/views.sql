-- name: views_of_person
-- What an operator keeps, by name.
SELECT id, name, query FROM desk_views WHERE person_id = :person_id ORDER BY name;

-- name: keep_view!
-- One more, or other filters under a name.
INSERT INTO desk_views (person_id, name, query) VALUES (:person_id, :name, :query)
ON CONFLICT (person_id, name) DO UPDATE SET query = excluded.query;

-- name: remove_view!
-- One less.
DELETE FROM desk_views WHERE id = :id AND person_id = :person_id;
