// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/storage_contract_test.h"

#include "moc_storage_contract_test.cpp"
