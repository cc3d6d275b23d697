# SPDX-License-Identifier: Apache-2.0
"""Runs a build's tests, but not again those whose result is known (see docs/decisions)."""
