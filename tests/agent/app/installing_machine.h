// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTemporaryDir>
#include <memory>
#include <string>

#include "tests/agent/app/loop_machine.h"

namespace ifrit::tests {

/// A machine whose steps are carried out by hand, and a publisher that it trusts, in a directory of
/// their own.
class InstallingMachine {
protected:
    void makeMachine() {
        m_machine.reset();
        m_directory = std::make_unique<QTemporaryDir>();
        const std::string base = m_directory->path().toStdString();
        m_packages = std::make_unique<PackageFactory>(base + "/packages", MISBEHAVING_AGENT);
        m_packages->trustOn(base + "/root");
        m_machine = std::make_unique<LoopMachine>(base + "/root", base + "/packages");
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<PackageFactory> m_packages;
    std::unique_ptr<LoopMachine> m_machine;
};

}  // namespace ifrit::tests
