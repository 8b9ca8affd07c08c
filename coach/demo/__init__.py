"""The bundled progression run and the track it is shown on."""
