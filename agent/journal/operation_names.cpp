// SPDX-License-Identifier: Apache-2.0
#include "agent/journal/operation_names.h"

namespace ifrit::agent::journal {

std::string_view nameOf(Operation operation) {
    switch (operation) {
        case Operation::Install:
            return "install";
        case Operation::Upgrade:
            return "upgrade";
        case Operation::Uninstall:
            break;
    }
    return "uninstall";
}

std::optional<Operation> operationFromName(std::string_view name) {
    for (const Operation operation :
         {Operation::Install, Operation::Upgrade, Operation::Uninstall}) {
        if (nameOf(operation) == name) return operation;
    }
    return std::nullopt;
}

}  // namespace ifrit::agent::journal
