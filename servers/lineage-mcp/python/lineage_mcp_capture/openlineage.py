"""RunEvents, valid against specification 2-0-2 with every facet's own schema."""

from itertools import islice

from .ids import iso, uuid7
from .prov import CONFIDENCE, EXACT
from .writer import dumps

PRODUCER = "https://github.com/mcp-data/mcp-data/tree/main/servers/lineage-mcp"
SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
FACETS = "https://openlineage.io/spec/facets/"
OWN = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/"
INFLUENCE = {"F": "FILTER", "J": "JOIN", "G": "GROUP_BY", "S": "SORT", "W": "WINDOW", "C": "CONDITIONAL"}
DIRECT = {"I": "IDENTITY", "T": "TRANSFORMATION", "A": "AGGREGATION", "M": "AGGREGATION"}


def facet(url, fields):
    return {"_producer": PRODUCER, "_schemaURL": url, **fields}


def run_event(kind, run_id, job_namespace, job_name, run_facets, job_facets, inputs, outputs):
    return {
        "eventType": kind,
        "eventTime": iso(),
        "producer": PRODUCER,
        "schemaURL": SPEC,
        "run": {"runId": run_id, "facets": run_facets},
        "job": {"namespace": job_namespace, "name": job_name, "facets": job_facets},
        "inputs": inputs,
        "outputs": outputs,
    }


def parent_facet(run_id, namespace, name, root=None):
    fields = {"run": {"runId": run_id}, "job": {"namespace": namespace, "name": name}}
    if root is not None:
        fields["root"] = root
    return facet(FACETS + "1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet", fields)


def engine_facet(version):
    return facet(FACETS + "1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet", {"version": version or "unknown", "name": "marimo"})


def error_facet(message, stack):
    fields = {"message": message, "programmingLanguage": "PYTHON"}
    if stack:
        fields["stackTrace"] = stack
    return facet(FACETS + "1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet", fields)


def job_type_facet(kind):
    return facet(FACETS + "2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet", {"processingType": "BATCH", "integration": "MARIMO", "jobType": kind})


def source_facet(language, code):
    return facet(FACETS + "1-0-1/SourceCodeJobFacet.json#/$defs/SourceCodeJobFacet", {"language": language, "sourceCode": code})


def location_facet(url):
    return facet(FACETS + "1-1-0/SourceCodeLocationJobFacet.json#/$defs/SourceCodeLocationJobFacet", {"type": "file", "url": url})


def own_run_facet(fields):
    return facet(OWN + "RunFacet", fields)


def own_job_facet(fields):
    return facet(OWN + "JobFacet", fields)


def dataset(key, schema=None, facets=None):
    made = {"namespace": key[0], "name": key[1], "facets": dict(facets or {})}
    if key[0] == "inmemory://":
        made["facets"]["datasetType"] = facet(FACETS + "1-0-1/DatasetTypeDatasetFacet.json#/$defs/DatasetTypeDatasetFacet", {"datasetType": "JOB_OUTPUT", "subType": "TEMPORARY"})
    elif key[0] == "file":
        made["facets"]["dataSource"] = facet(FACETS + "1-0-1/DatasourceDatasetFacet.json#/$defs/DatasourceDatasetFacet", {"name": "file", "uri": file_uri(key[1])})
    if schema:
        fields = [{"name": name, **({"type": kind} if kind else {})} for name, kind in schema]
        made["facets"]["schema"] = facet(FACETS + "1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet", {"fields": fields})
    return made


def quality_facet(rows, metrics):
    body = {"columnMetrics": {name: {key: value for key, value in figures.items() if key in ("nullCount", "distinctCount", "min", "max")} for name, figures in metrics.items()}}
    if rows is not None:
        body["rowCount"] = rows
    return facet(FACETS + "1-0-0/DataQualityMetricsDatasetFacet.json#/$defs/DataQualityMetricsDatasetFacet", body)


def output_dataset(key, schema, prov, rows, size, version, texts=None):
    """An output with its schema, column lineage, version and statistics; with `texts`, its fields go there and a mark in their place."""
    made = dataset(key, schema)
    fields, doubts = {}, {}
    inputs = Inputs()
    for name, type_ in schema or ():
        # Only of a level of the index: a column from nothing is from nothing.
        sources, confidence = prov.of(f"index:{name}") if type_ == "index" else ({}, EXACT)
        if not sources and confidence == EXACT:
            sources, confidence = prov.of(name)
        if confidence > EXACT:
            doubts[name] = CONFIDENCE[confidence]
        if sources:
            fields[name] = inputs.text(sources) if texts is not None else {"inputFields": inputs.fields(sources)}
    influences = [
        {"namespace": key[0], "name": key[1], "field": column, "transformations": [{"type": "INDIRECT", "subtype": INFLUENCE[kind]}]}
        for ((key, column), kind) in list(prov.influences)[:500]
    ]
    if fields or influences:
        body = {"fields": fields if texts is None else texts.put(fields)}
        if influences:
            body["dataset"] = influences
        made["facets"]["columnLineage"] = facet(FACETS + "1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet", body)
    made["facets"]["lineageMcp_confidence"] = facet(OWN + "DatasetFacet", {"default": "exact", "columns": doubts})
    if version:
        made["facets"]["version"] = facet(FACETS + "1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet", {"datasetVersion": version})
    if rows is not None:
        made["outputFacets"] = {"outputStatistics": facet(FACETS + "1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet", {"rowCount": rows, **({"size": size} if size is not None else {})})}
    return made


class Inputs:
    """Where the columns of one dataset come from; what several share is made once."""

    def __init__(self):
        self._fields = {}
        self._texts = {}

    def fields(self, sources):
        found = []
        for pair in islice(sources.items(), 500):
            known = self._fields.get(pair)
            if known is None:
                known = self._fields[pair] = _input_field(*pair)
            found.append(known)
        return found

    def text(self, sources):
        """The same as JSON, encoded."""
        known = self._texts.get(id(sources))
        if known is None:
            found = []
            for pair in islice(sources.items(), 500):
                text = self._fields.get(pair)
                if text is None:
                    text = self._fields[pair] = dumps(_input_field(*pair))
                found.append(text)
            # With the sources, whose id stays theirs so long.
            known = self._texts[id(sources)] = (('{"inputFields":[' + ",".join(found) + "]}").encode(), sources)
        return known[0]


class Texts:
    """Large parts of one event that are JSON already, and the marks where they belong; copied once, when they are written."""

    def __init__(self):
        self._mark = "part of " + uuid7()
        self._parts = []

    def put(self, fields):
        part = []
        for name, text in fields.items():
            part += (b"," if part else b"{", dumps(name).encode(), b":", text)
        self._parts.append([*part, b"}"] if part else [b"{}"])
        return self._mark

    def whole(self, event):
        """Pieces of the line."""
        pieces = dumps(event).encode().split(f'"{self._mark}"'.encode())
        made = [pieces[0]]
        for part, piece in zip(self._parts, pieces[1:]):
            made += part
            made.append(piece)
        return made


def _input_field(source, code):
    (namespace, name), column = source
    transformation = {"type": "DIRECT", "subtype": DIRECT[code]}
    if code == "M":
        transformation["masking"] = True
    return {"namespace": namespace, "name": name, "field": column, "transformations": [transformation]}


def file_uri(path):
    from urllib.parse import quote

    return "file://" + quote(path if path.startswith("/") else "/" + path.replace("\\", "/"))
