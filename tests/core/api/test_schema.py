"""The API is what its document says (schemathesis): bounded, seeded, one worker."""

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

CHECKS = (not_a_server_error, response_schema_conformance, status_code_conformance)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_the_api_is_its_schema(make_caller, make_person, doors, mode):
    person, caller = make_person(), make_caller()
    schema = schemathesis.openapi.from_dict(caller.get("/openapi.json").json)
    seen = set()

    def check(operation):
        @hypothesis.settings(
            max_examples=12, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
        )
        @hypothesis.seed(7)
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def every_answer_is_documented(case):
            if "person_id" in (case.path_parameters or {}) and mode is schemathesis.GenerationMode.POSITIVE:
                case.path_parameters["person_id"] = str(person.id)
            answer = case.call(app=doors, headers={"Host": caller.host, "Authorization": f"Bearer {caller.token}"})
            seen.add((operation.label, answer.status_code))
            case.validate_response(answer, checks=CHECKS)

        every_answer_is_documented()

    for result in schema.get_all_operations():
        check(result.ok())
    operations = {label for label, _status in seen}
    assert len(operations) >= 6
    if mode is schemathesis.GenerationMode.POSITIVE:  # so the examples get past the door, and do their work
        assert {label for label, status in seen if status < 300} == operations
