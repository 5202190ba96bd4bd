import pytest

import prompts


@pytest.mark.parametrize("path", sorted(prompts.FOLDER.glob("*.txt")), ids=lambda p: p.stem)
def test_every_prompt_renders_with_exactly_its_fields(path) -> None:  # type: ignore[no-untyped-def]
    values = {name: f"<{name}>" for name in prompts.fields(path.stem)}
    text = prompts.render(path.stem, **values)
    assert all(value in text for value in values.values())
    with pytest.raises(ValueError, match="fields"):
        prompts.render(path.stem, **values, surplus="x")
