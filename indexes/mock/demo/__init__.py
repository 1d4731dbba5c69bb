"""The demo people and the staff: files under ``data/`` made into what the indexes hold about them."""
